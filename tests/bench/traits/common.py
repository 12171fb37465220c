"""What the sections of the traits share: finding and connecting the device, trying calls, telling what came of them."""

import os
import subprocess
import time

import dbus
import dbus.service

from client import *  # noqa

client = Client()
characteristics = {}  # of the device: {four digits: path}
lines = []
SECTIONS = {}
HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"


class Broken(Exception):
    """The section cannot go on."""


def section(function):
    SECTIONS[function.__name__] = function
    return function


def gather(names):
    """Yields (section, its lines), of the bus that DBUS_SYSTEM_BUS_ADDRESS names."""
    for name in names:
        lines.clear()
        try:
            SECTIONS[name]()
        except (Broken, Failure, NoAnswer, KeyError) as error:
            trait("the section ended here", repr(error))
        yield name, list(lines)


def trait(what, result):
    shown = {True: "yes", False: "no"}.get(result, result) if isinstance(result, bool) else result
    lines.append(f"{what} -> {shown}")


def outcome(*call):
    try:
        client.call(*call)
        return "ok"
    except Failure as failure:
        return str(failure)


def attempt(what, *call):
    result = outcome(*call)
    trait(what, result)
    return result


def name_of(path):
    if path in (OURS, client.device):
        return "adapter" if path == OURS else "device"
    return next((known for known, place in characteristics.items() if place == path), path)


def told(*only):
    """The events so far as one line: replies, and of the properties those named."""
    texts = []
    for kind, path, what, changed in client.events:
        if kind == "reply":
            texts.append(f"reply {what}")
        elif kind == "changed":
            texts += [" ".join([name_of(path), *(
                f"{key}={str(bool(value)).lower()}" if isinstance(value, dbus.Boolean) else str(key)
                for key, value in sorted(changed.items()) if key in only)])] if set(only) & set(changed) else []
        elif kind == "added" and path == client.device and "Device1" in what:
            texts.append("added device")
    client.events.clear()
    return "; ".join(texts) or "none"


def changes(path):
    """{property: (its last value, the number of the signal that had it)} of an object, of the events so far."""
    found = {}
    for number, (kind, place, _, changed) in enumerate(client.events):
        if kind == "changed" and place == path:
            found.update({str(key): (value, number) for key, value in changed.items()})
    return found


def types(properties, *without):
    return " ".join(f"{name}:{type_of(value)}" for name, value in sorted(properties.items()) if name not in without)


def on(characteristic, method, signature="", *arguments):
    return (characteristics[characteristic], CHARACTERISTIC, method, signature, *arguments)


def read(characteristic, **options):
    return on(characteristic, "ReadValue", "a{sv}", dbus.Dictionary(options, signature="sv"))


def write(characteristic, value, **options):
    return on(characteristic, "WriteValue", "aya{sv}", octets(value), dbus.Dictionary(options, signature="sv"))


def acquire(characteristic, what="AcquireNotify"):
    return on(characteristic, what, "a{sv}", dbus.Dictionary({}, signature="sv"))


def device_call(method):
    return (client.device, DEVICE, method)


def adapter_call(method, *rest):
    return (OURS, ADAPTER, method, *rest)


def is_on(name, path=None, interface=DEVICE):
    try:
        return bool(client.get(path or client.device, interface, name))
    except Failure:
        return False


def peripheral(*words):
    """Says it to the user of the device, who is no part of the bus."""
    program = os.environ.get("CAREBENCH_PERIPHERAL", os.path.join(os.path.dirname(__file__), "../guest/peripheral"))
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(f"peripheral {' '.join(words)}: {done.stdout.strip()} {done.stderr.strip()}")
    return done.stdout.strip()


def power(on_or_off):
    return (OURS, PROPERTIES, "Set", "ssv", ADAPTER, "Powered", dbus.Boolean(on_or_off, variant_level=1))


def powered():
    if not is_on("Powered", OURS, ADAPTER):
        client.call(*power(True))


def find():
    """The device: what advertises a heart-rate service."""
    def there():
        client.device = next((path for path, interfaces in client.objects().items() if HEART_RATE in
                              interfaces.get(DEVICE, {}).get("UUIDs", [])), "")
        return client.device

    powered()
    uuids = dbus.Array([HEART_RATE], signature="s")
    client.call(*adapter_call("SetDiscoveryFilter", "a{sv}", {"Transport": "le", "UUIDs": uuids}))
    client.call(*adapter_call("StartDiscovery"))
    found = client.until(there, 40, pause=0.1)
    client.call(*adapter_call("StopDiscovery"))
    if not found:
        raise Broken("no heart-rate device is advertising")


def connected():
    """Connected, services resolved, characteristics known."""
    if client.device not in client.objects():
        find()
    tried = []
    while not (is_on("Connected") and is_on("ServicesResolved")):
        if len(tried) == 3:
            raise Broken(f"the services were not resolved after Connect: {tried}")
        tried.append(outcome(*device_call("Connect")))
        client.until(lambda: is_on("ServicesResolved"), 20, pause=0.1)
    learn()


def learn():
    characteristics.clear()
    for path, interfaces in client.objects().items():
        if CHARACTERISTIC in interfaces:
            characteristics[short(interfaces[CHARACTERISTIC]["UUID"])] = path


def gone():
    """As if the device had never been seen."""
    if client.device:
        outcome(*adapter_call("RemoveDevice", "o", client.device))
        client.until(lambda: client.device not in client.objects(), 10)
        client.settle(0.5)
    client.device = ""
