"""The adapter, finding a device, connecting to it."""

import re

from common import *  # noqa


@section
def adapter():
    powered()
    trait("properties", types(client.call(OURS, PROPERTIES, "GetAll", "s", ADAPTER), "Modalias"))
    attempt("a property that is not there", OURS, PROPERTIES, "Get", "ss", ADAPTER, "Shape")
    attempt("an adapter that is not there", "/org/bluez/hci9", ADAPTER, "StartDiscovery")
    attempt("StopDiscovery, not started", *adapter_call("StopDiscovery"))
    attempt("SetDiscoveryFilter, transport unknown", *adapter_call("SetDiscoveryFilter", "a{sv}", {"Transport": "zz"}))
    attempt("RemoveDevice, unknown", *adapter_call("RemoveDevice", "o", OURS + "/dev_00_00_00_00_00_00"))
    attempt("RegisterAgent, capability unknown", "/org/bluez", MANAGER, "RegisterAgent", "os", "/x", "Telepathy")
    attempt("RegisterAgent", "/org/bluez", MANAGER, "RegisterAgent", "os", "/x", "KeyboardOnly")
    attempt("RegisterAgent again", "/org/bluez", MANAGER, "RegisterAgent", "os", "/x", "KeyboardOnly")
    attempt("UnregisterAgent", "/org/bluez", MANAGER, "UnregisterAgent", "o", "/x")
    attempt("UnregisterAgent again", "/org/bluez", MANAGER, "UnregisterAgent", "o", "/x")
    attempt("RequestDefaultAgent, unknown", "/org/bluez", MANAGER, "RequestDefaultAgent", "o", "/x")
    client.events.clear()
    attempt("power off", *power(False))
    client.settle(0.5)
    trait("events", told("Powered"))
    attempt("StartDiscovery, powered off", *adapter_call("StartDiscovery"))
    attempt("power on", *power(True))


@section
def discovery():
    powered()
    gone()
    client.call(*adapter_call("SetDiscoveryFilter", "a{sv}", {"Transport": "le"}))
    client.events.clear()
    attempt("StartDiscovery", *adapter_call("StartDiscovery"))
    added = []
    client.until(lambda: added.extend(event[1] for event in client.events if "Device1" in event[2]) or added, 40)
    client.device = added[0] if added else ""
    trait("events", told("Discovering"))
    attempt("StartDiscovery again", *adapter_call("StartDiscovery"))
    interfaces = client.objects()[client.device]
    trait("interfaces of the device", " ".join(sorted(map(last_word, interfaces))))
    trait("its path is its address", client.device == f"{OURS}/dev_" + interfaces[DEVICE]["Address"].replace(":", "_"))
    trait("its properties, never connected", types(interfaces[DEVICE], "RSSI", "TxPower"))
    client.settle(0.5)
    client.events.clear()
    attempt("StopDiscovery", *adapter_call("StopDiscovery"))
    client.settle(0.5)
    trait("events", told("Discovering"))
    attempt("StopDiscovery again", *adapter_call("StopDiscovery"))
    attempt("Disconnect, not connected", *device_call("Disconnect"))
    attempt("CancelPairing, not pairing", *device_call("CancelPairing"))


@section
def connecting():
    """Whether the objects are added before ServicesResolved=true or after it is left to chance; they are there when
    somebody asks for them then. Connected=true is signalled before the reply, or never."""
    gone()
    find()
    complete = []

    def resolved():
        if "ServicesResolved" in changes(client.device) and not complete:
            complete.append(sum(CHARACTERISTIC in interfaces for interfaces in client.objects().values()))
        return complete

    client.events.clear()
    attempt("Connect", *device_call("Connect"))
    reply = client.events.index(("reply", client.device, "Connect", {}))
    trait("then it is connected", is_on("Connected"))
    trait("ServicesResolved=true is signalled", client.until(resolved, 30))
    seen = changes(client.device)
    trait("not before the reply", seen["ServicesResolved"][1] > reply)
    trait("Connected=true is not signalled after the reply", seen.get("Connected", (True, -1))[1] < reply)
    learn()
    trait("all characteristics are there when it is signalled", complete == [len(characteristics)])
    objects = client.objects()
    trait("properties of the device, connected", types(objects[client.device][DEVICE], "RSSI", "TxPower"))
    attempt("Connect, connected", *device_call("Connect"))
    attempt("StartDiscovery, connected", *adapter_call("StartDiscovery"))
    attempt("StopDiscovery, connected", *adapter_call("StopDiscovery"))
    shape = re.compile(r"(/service[0-9a-f]{4}(/char[0-9a-f]{4}(/desc[0-9a-f]{4})?)?)?")
    trait("paths are serviceXXXX/charXXXX/descXXXX", all(
        shape.fullmatch(path.removeprefix(client.device)) for path in objects if path.startswith(client.device)))
    attribute = ""  # the generic attribute service is the device's own affair
    for path, interfaces in sorted(objects.items()):
        if short(interfaces.get(SERVICE, {}).get("UUID", "")) == "1801":
            attribute = path
        for kind in (SERVICE, CHARACTERISTIC, DESCRIPTOR):
            if kind in interfaces and not (attribute and path.startswith(attribute)):
                trait(" ".join([last_word(kind), short(interfaces[kind]["UUID"]), *interfaces[kind].get("Flags", [])]),
                      types(interfaces[kind]))
