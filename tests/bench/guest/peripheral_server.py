"""The peripheral of the bench at work: made known to bluetoothd whenever there is one, and obeying its commands."""

import json
import os
import re
import socket
import subprocess

import dbus
import dbus.service
from gi.repository import GLib

from peripheral_gatt import (MORE_SERVICES, OBJECTS, PROPERTIES, SERVICES, Application, Object, Refused, bus, octets,
                             uuid)

READY = "/run/peripheral.ready"
OURS, CLIENTS = "/org/bluez/hci1", "/org/bluez/hci0"
ADAPTER, DEVICE, AGENT = "org.bluez.Adapter1", "org.bluez.Device1", "org.bluez.Agent1"
ADVERTISEMENT = "org.bluez.LEAdvertisement1"
NAME = "Bench HRM"
SCAN = bytes.fromhex("010c20020100")  # HCI command LE Set Scan Enable: on, duplicates too


class Advertisement(Object):
    @dbus.service.method(ADVERTISEMENT)
    def Release(self):
        pass


class Agent(dbus.service.Object):
    """The user of the peripheral: enters the passkey that he was told, or says no."""

    path = "/bench/agent"

    def __init__(self):
        self.capability, self.answer, self.shown, self.waiting, self.events = "NoInputNoOutput", "", "", None, []
        super().__init__(bus, self.path)

    def decide(self, event):
        self.events.append(event)
        if self.answer == "reject":
            raise Refused("Rejected", "the user said no")

    @dbus.service.method(AGENT, in_signature="o", out_signature="u", async_callbacks=("give", "fail"))
    def RequestPasskey(self, _device, give, fail):
        try:
            self.decide("RequestPasskey")
        except Refused as refused:
            fail(refused)
        else:
            self.waiting = give
            self.enter()

    def enter(self):
        if self.waiting and self.answer.isdigit():
            self.waiting(int(self.answer))
            self.waiting = None

    @dbus.service.method(AGENT, in_signature="ouq")
    def DisplayPasskey(self, _device, passkey, _entered):
        self.shown = f"{passkey:06}"
        self.events.append("DisplayPasskey")

    @dbus.service.method(AGENT, in_signature="ou")
    def RequestConfirmation(self, _device, passkey):
        self.shown = f"{passkey:06}"
        self.decide("RequestConfirmation")

    @dbus.service.method(AGENT, in_signature="o")
    def RequestAuthorization(self, _device):
        self.decide("RequestAuthorization")

    @dbus.service.method(AGENT, in_signature="os")
    def AuthorizeService(self, _device, _uuid):
        pass

    @dbus.service.method(AGENT)
    def Cancel(self):
        self.waiting = None
        self.events.append("Cancel")

    @dbus.service.method(AGENT)
    def Release(self):
        pass


device, more = Application("/bench/device", SERVICES), Application("/bench/more", MORE_SERVICES)
characteristics = {one.short: one for one in device.characteristics() + more.characteristics()}
agent = Agent()
advertisement = Advertisement("/bench/advertisement", ADVERTISEMENT, {
    "Type": "peripheral", "LocalName": NAME, "ServiceUUIDs": dbus.Array([uuid("180D"), uuid("1810")], signature="s"),
    "ManufacturerData": dbus.Dictionary({dbus.UInt16(0xFFFF): octets(b"\1\2\3")}, signature="qv"),
    # Not begun anew by the kernel meanwhile: a virtual controller refuses who connects just then, for good.
    "Duration": dbus.UInt16(3600),
    "MinInterval": dbus.UInt32(30), "MaxInterval": dbus.UInt32(50)})


def bluez(path, interface):
    return dbus.Interface(bus.get_object("org.bluez", path), interface)


def managed():
    return bluez("/", OBJECTS).GetManagedObjects()


def nothing(*_):
    pass


def failed(error):
    print("bluetoothd refused:", error, flush=True)


class Registered:
    """What bluetoothd has to know. It forgets it when it ends, so all of it is said again to the next one."""

    def __init__(self):
        self.wanted, self.sought = True, False

    def try_again(self):
        """Twice a second until all is there: both controllers, the agent, the services."""
        try:
            objects = managed()
            if ADAPTER not in objects.get(OURS, {}) or ADAPTER not in objects.get(CLIENTS, {}):
                return True
            adapter = bluez(OURS, PROPERTIES)
            for name, value in (("Powered", True), ("Alias", NAME), ("Pairable", True)):
                adapter.Set(ADAPTER, name, value)
            self.register_agent()
        except dbus.DBusException as error:
            print("not yet:", error, flush=True)
            return True
        bluez(OURS, "org.bluez.GattManager1").RegisterApplication(device.path, {}, reply_handler=self.advertise,
                                                                  error_handler=failed)
        return False

    def register_agent(self):
        manager = bluez("/org/bluez", "org.bluez.AgentManager1")
        try:
            manager.UnregisterAgent(agent.path)
        except dbus.DBusException:
            pass  # bluetoothd did not know it yet
        manager.RegisterAgent(agent.path, agent.capability)
        manager.RequestDefaultAgent(agent.path)

    def advertise(self):
        """As it is wanted; found out by whoever looks for it."""
        manager = bluez(OURS, "org.bluez.LEAdvertisingManager1")
        if self.wanted:
            manager.RegisterAdvertisement(advertisement.path, {}, error_handler=failed,
                                          reply_handler=lambda: open(READY, "w").close())
        else:
            manager.UnregisterAdvertisement(advertisement.path, reply_handler=nothing, error_handler=failed)

    def repeat(self):
        """A virtual controller reports an advertisement once, when scanning begins, and often that is before the
        kernel listens. Asked to scan while it does, it refuses, but reports again, as a real one would anyhow."""
        try:
            if self.sought:
                clients.send(SCAN)
        except OSError:
            pass  # powered off; bluetoothd will say soon that it does not discover any more
        return True

    def owner_changed(self, owner):
        self.sought = False
        if os.path.exists(READY):
            os.remove(READY)
        if owner:
            GLib.timeout_add(500, self.try_again)


registered = Registered()
clients = socket.socket(socket.AF_BLUETOOTH, socket.SOCK_RAW, socket.BTPROTO_HCI)


def linked():
    return [path for path, interfaces in managed().items()
            if path.startswith(OURS + "/") and interfaces.get(DEVICE, {}).get("Connected")]


def drop():
    """On the controller itself: bluetoothd would take its time."""
    links = subprocess.run(["hcitool", "-i", "hci1", "con"], capture_output=True, text=True, check=True).stdout
    for handle in re.findall(r"handle (\d+)", links):
        subprocess.run(["hcitool", "-i", "hci1", "ledc", handle], check=True, capture_output=True)


def advertise(what):
    wanted = {"on": True, "off": False}[what]
    if wanted != registered.wanted:
        registered.wanted = wanted
        registered.advertise()


def silent(seconds):
    advertise("off")
    GLib.timeout_add(200, drop)  # not before the advertisement is gone: it would be found at once
    GLib.timeout_add(int(float(seconds) * 1000), advertise, "on")


def notify(give, short, count, pause="20"):
    one, left = characteristics[short], [int(count)]
    before = one.sent

    def one_more():
        if left[0] == 0:
            give(f"{one.sent - before} sent")
            return False
        one.next()
        left[0] -= 1
        return True

    GLib.timeout_add(int(pause), one_more)


def services(what):
    manager = bluez(OURS, "org.bluez.GattManager1")
    if what == "add":
        manager.RegisterApplication(more.path, {}, reply_handler=nothing, error_handler=failed)
    else:
        manager.UnregisterApplication(more.path, reply_handler=nothing, error_handler=failed)


def pair_as(capability, answer=""):
    agent.capability, agent.answer, agent.shown, agent.events = capability, answer, "", []
    registered.register_agent()


def passkey(number=""):
    if not number:
        return agent.shown or "none"
    agent.answer = number
    agent.enter()
    return "ok"


def forget():
    for path in [path for path in managed() if path.startswith(OURS + "/dev") and path.count("/") == 4]:
        bluez(OURS, ADAPTER).RemoveDevice(path)


def status():
    return json.dumps({
        "advertising": registered.wanted, "linked": len(linked()), "agent": agent.events,
        "subscribed": [short for short, one in characteristics.items() if one.subscribed],
        "sent": {short: one.sent for short, one in characteristics.items() if one.sent},
        "confirmed": {short: one.confirmed for short, one in characteristics.items() if one.confirmed},
        "written": {short: one.written for short, one in characteristics.items() if one.written}})


def set_value(short, digits):
    characteristics[short].value = bytes.fromhex(digits)


beating = []


def beat(milliseconds="100"):
    """The heart beats on its own while somebody listens."""
    while beating:
        GLib.source_remove(beating.pop())
    if int(milliseconds):
        beating.append(GLib.timeout_add(int(milliseconds), lambda: characteristics["2A37"].next() or True))


COMMANDS = {"status": status, "value": set_value, "every": beat, "drop": drop, "silent": silent,
            "advertise": advertise, "services": services,
            "agent": pair_as, "passkey": passkey, "forget": forget}


def perform(line, give):
    """Does what the line says, and gives its answer to `give`: "ok", what was asked for, or "error …"."""
    name, *words = line.split() or [""]
    try:
        if name == "notify":
            notify(give, *words)
        elif name in COMMANDS:
            give(COMMANDS[name](*words) or "ok")
        else:
            give(f"error: no command {name!r}")
    except (dbus.DBusException, subprocess.CalledProcessError, KeyError, TypeError, ValueError) as error:
        give(f"error: {line}: {error!r}")


def discovering(interface, changed, _invalidated, path):
    if interface == ADAPTER and "Discovering" in changed and path == CLIENTS:
        registered.sought = bool(changed["Discovering"])


def serve(path):
    characteristics["F00B"].hooks["write"] = lambda _, value: GLib.timeout_add(
        20, lambda: perform(value.decode("ascii", "replace"), print))  # once the write is answered

    def client(listening, _condition):
        connection, _ = listening.accept()

        def give(answer):
            with connection:
                connection.sendall(answer.encode())

        perform(connection.makefile().readline(), give)
        return True

    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    GLib.io_add_watch(listening, GLib.IO_IN, client)
    bus.add_signal_receiver(discovering, "PropertiesChanged", PROPERTIES, "org.bluez", path_keyword="path")
    bus.watch_name_owner("org.bluez", registered.owner_changed)
    clients.bind((0,))
    GLib.timeout_add(100, registered.repeat)
    beat()
    GLib.MainLoop().run()
