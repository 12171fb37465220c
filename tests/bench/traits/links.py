"""What becomes of everything when the link or the device is gone."""

from common import *  # noqa


def known_objects():
    return len([path for path in client.objects() if path.startswith(client.device)])


@section
def link_loss():
    connected()
    heart_rate, echo = characteristics["2A37"], characteristics["F00A"]
    acquired = AcquiredFd(client.call(*acquire("2A37")))
    client.call(*on("F00A", "StartNotify"))
    client.settle(0.5)
    before = known_objects()
    client.events.clear()
    client.call(*write("F00B", b"drop"))
    trait("the acquired socket hangs up", acquired.hangs_up(client))
    client.settle(1)
    seen = changes(client.device)
    trait("Connected=false and ServicesResolved=false come in one signal",
          seen["Connected"] == seen["ServicesResolved"])
    trait("NotifyAcquired=false of 2A37 is signalled", changes(heart_rate).get("NotifyAcquired", (True,))[0] == False)
    trait("objects that go", before - known_objects())
    attempt("ReadValue", *read("2A38"))
    attempt("WriteValue", *write("2A39", b"\1"))
    attempt("AcquireNotify", *acquire("2A37"))
    attempt("AcquireWrite", *acquire("F00A", "AcquireWrite"))
    attempt("StartNotify", *on("2A37", "StartNotify"))
    attempt("StopNotify", *on("2A37", "StopNotify"))
    trait("Notifying of F00A, which was subscribed", is_on("Notifying", echo, CHARACTERISTIC))
    client.events.clear()
    attempt("Connect", *device_call("Connect"))
    client.until(lambda: is_on("ServicesResolved"), 30)
    trait("objects of the device", "the same" if known_objects() == before else known_objects())
    trait("Notifying of F00A", is_on("Notifying", echo, CHARACTERISTIC))
    trait("NotifyAcquired of 2A37", is_on("NotifyAcquired", heart_rate, CHARACTERISTIC))
    client.settle(0.5)
    client.events.clear()
    client.call(*write("F00A", b"hello", type="command"))
    trait("values of F00A come without another StartNotify", client.until(lambda: "Value" in changes(echo), 10))
    client.events.clear()
    attempt("Disconnect", *device_call("Disconnect"))
    client.settle(1)
    trait("events", told("Connected", "ServicesResolved"))


@section
def device_gone():
    """It does not advertise any more. Connect takes bluetoothd 40 s to give up."""
    connected()
    client.call(*write("F00B", b"silent 100"))
    client.until(lambda: not is_on("Connected"), 10)
    client.settle(1)
    attempt("Connect", *device_call("Connect"))
    first = client.begin(*device_call("Connect"))
    client.settle(1)
    attempt("Connect, while connecting", *device_call("Connect"))
    attempt("Disconnect, while connecting", *device_call("Disconnect"))
    client.until(lambda: first, 60)
    trait("the Connect that was under way", first[0] if first else "never ended")
    path = client.device
    learn()
    client.events.clear()
    attempt("RemoveDevice", *adapter_call("RemoveDevice", "o", path))
    client.settle(0.5)
    removed = {event[1] for event in client.events if event[0] == "removed"}
    trait("InterfacesRemoved is signalled of it and all below it", {path, *characteristics.values()} <= removed)
    attempt("Connect, removed", path, DEVICE, "Connect")
    attempt("RemoveDevice, removed", *adapter_call("RemoveDevice", "o", path))
    client.device = ""
