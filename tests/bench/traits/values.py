"""Reading, writing, being notified."""

from common import *  # noqa


@section
def reading():
    connected()
    client.events.clear()
    attempt("2A38", *read("2A38"))
    trait("events", told("Value"))
    attempt("F003: the device says 02, read not permitted", *read("F003"))
    attempt("F004: the device says 81", *read("F004"))
    attempt("F005: the device says 07, invalid offset", *read("F005"))
    attempt("F006: the device says 08, insufficient authorization", *read("F006"))
    trait("F007: octets of a long value", len(client.call(*read("F007"))))
    trait("F007 from 390 on: octets", len(client.call(*read("F007", offset=dbus.UInt16(390)))))
    attempt("F007 from 500 on", *read("F007", offset=dbus.UInt16(500)))
    attempt("offset of a wrong type", *read("2A38", offset="two"))
    attempt("a characteristic that is not there", client.device + "/service9999/char9999", CHARACTERISTIC, "ReadValue",
            "a{sv}", dbus.Dictionary({}, signature="sv"))


@section
def writing():
    connected()
    attempt("2A25, read only", *write("2A25", b"1"))
    attempt("2A39", *write("2A39", b"\1"))
    attempt("2A39: the device says 80", *write("2A39", b"\2"))
    attempt("F009: the device says 0D, invalid length", *write("F009", b"12345678"))
    attempt("F008, request", *write("F008", b"12", type="request"))
    attempt("F008, command", *write("F008", b"12", type="command"))
    attempt("F008, reliable", *write("F008", b"12", type="reliable"))
    attempt("F008, request, 300 octets", *write("F008", bytes(300), type="request"))
    trait("F008: octets that it then has", len(client.call(*read("F008"))))
    attempt("F008, request, 513 octets", *write("F008", bytes(513), type="request"))
    attempt("F008, command, 300 octets", *write("F008", bytes(300), type="command"))
    attempt("F008, of no known type", *write("F008", b"1", type="thought"))
    attempt("2A39, command, which it has not", *write("2A39", b"\1", type="command"))
    attempt("F00A, request, which it has not", *write("F00A", b"\1", type="request"))
    attempt("2A25, AcquireWrite", *acquire("2A25", "AcquireWrite"))
    client.events.clear()
    descriptor = AcquiredFd(client.call(*acquire("F00A", "AcquireWrite")))
    trait("F00A, AcquireWrite", f"{descriptor.types}, {descriptor.shape}")
    trait("events", told("WriteAcquired"))
    attempt("F00A, AcquireWrite again", *acquire("F00A", "AcquireWrite"))
    client.events.clear()
    descriptor.socket.close()
    client.until(lambda: "WriteAcquired" in changes(characteristics["F00A"]), 5)
    trait("events when it is closed", told("WriteAcquired"))


def values(characteristic):
    return sum(event[0] == "changed" and event[1] == characteristics[characteristic] and "Value" in event[3]
               for event in client.events)


@section
def notifying():
    connected()
    attempt("2A25, StartNotify", *on("2A25", "StartNotify"))
    attempt("2A37, StopNotify, not started", *on("2A37", "StopNotify"))
    client.events.clear()
    attempt("2A37, StartNotify", *on("2A37", "StartNotify"))
    trait("events", told("Notifying"))
    trait("values come as signals", client.until(lambda: values("2A37") >= 3, 20))
    attempt("2A37, StartNotify again", *on("2A37", "StartNotify"))
    attempt("2A37, AcquireNotify while notifying", *acquire("2A37"))
    client.events.clear()
    attempt("2A37, StopNotify", *on("2A37", "StopNotify"))
    client.settle(0.3)
    trait("events", told("Notifying"))
    client.events.clear()
    client.settle(1.5)
    trait("values after it", values("2A37"))
    attempt("2A35, StartNotify", *on("2A35", "StartNotify"))
    trait("an indication comes as a signal", client.until(lambda: values("2A35"), 20))
    attempt("2A35, StopNotify", *on("2A35", "StopNotify"))
    attempt("2A35, AcquireNotify, which can only indicate", *acquire("2A35"))


@section
def acquiring():
    connected()
    attempt("2A25, AcquireNotify", *acquire("2A25"))
    client.events.clear()
    descriptor = AcquiredFd(client.call(*acquire("2A37")))
    trait("2A37, AcquireNotify", f"{descriptor.types}, {descriptor.shape}")
    client.settle(0.3)
    trait("events", told("NotifyAcquired"))
    packets = descriptor.packets(client, 20, 3)
    trait("each packet is one value", len(packets) == 3 and all(2 <= len(packet) <= 20 for packet in packets))
    attempt("2A37, AcquireNotify again", *acquire("2A37"))
    attempt("2A37, StartNotify while acquired", *on("2A37", "StartNotify"))
    client.events.clear()
    descriptor.socket.close()
    client.until(lambda: "NotifyAcquired" in changes(characteristics["2A37"]), 10)
    trait("events when it is closed", told("NotifyAcquired"))
    descriptor = AcquiredFd(client.call(*acquire("2A37")))
    attempt("2A37, StopNotify while acquired", *on("2A37", "StopNotify"))
    trait("then the socket hangs up", descriptor.hangs_up(client))
