"""A D-Bus client of org.bluez that keeps replies and signals in the order in which they came."""

import os
import socket
import time

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)

ADAPTER, DEVICE, MANAGER = "org.bluez.Adapter1", "org.bluez.Device1", "org.bluez.AgentManager1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
DESCRIPTOR, AGENT = "org.bluez.GattDescriptor1", "org.bluez.Agent1"
PROPERTIES, OBJECTS = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
OURS = "/org/bluez/hci0"


def octets(data):
    return dbus.Array(data, signature="y")


def short(uuid):
    """The four digits that tell the bench's characteristics apart."""
    return str(uuid)[4:8].upper()


def type_of(value):
    """The D-Bus signature of a value that came in."""
    names = ((dbus.Boolean, "b"), (dbus.Byte, "y"), (dbus.Int16, "n"), (dbus.UInt16, "q"), (dbus.Int32, "i"),
             (dbus.UInt32, "u"), (dbus.Int64, "x"), (dbus.UInt64, "t"), (dbus.ObjectPath, "o"), (dbus.String, "s"))
    for kind, name in names:
        if isinstance(value, kind):
            return name
    if isinstance(value, dbus.Dictionary):
        return "a{" + str(value.signature) + "}"
    return "a" + str(value.signature) if isinstance(value, dbus.Array) else type(value).__name__


class NoAnswer(Exception):
    """A call was not answered in time; the text is its method."""


class Failure(Exception):
    """An error reply, as `Failed "Not connected"`: without the prefix that all errors of bluetoothd have."""

    def __init__(self, error):
        name = error.get_dbus_name() or ""
        super().__init__(f'{name.removeprefix("org.bluez.Error.")} "{error.get_dbus_message().strip()}"')


class Client:
    def __init__(self):
        self.bus = dbus.SystemBus(private=True)
        self.events, self.device = [], ""
        for interface, signal in ((PROPERTIES, "PropertiesChanged"), (OBJECTS, "InterfacesAdded"),
                                  (OBJECTS, "InterfacesRemoved")):
            self.bus.add_signal_receiver(lambda *args, name=signal, path: self.heard(name, path, *args), signal,
                                         interface, "org.bluez", path_keyword="path")

    def heard(self, signal, path, first, second, *_):
        if signal == "PropertiesChanged":
            if path.startswith(OURS):
                self.events.append(("changed", str(path), last_word(first), dict(second)))
        elif first.startswith(OURS):
            kind = "added" if signal == "InterfacesAdded" else "removed"
            self.events.append((kind, str(first), sorted(map(last_word, second)), dict.fromkeys(second)))

    def until(self, holds, seconds, pause=0.02):
        """Lets events come in until holds(); False when the time is up."""
        context, end = GLib.MainContext.default(), time.monotonic() + seconds
        wake = GLib.timeout_add(int(pause * 1000), lambda: True)
        found = holds()
        while not found and time.monotonic() < end:
            context.iteration(True)
            found = holds()
        GLib.source_remove(wake)
        return bool(found)

    def settle(self, seconds):
        self.until(lambda: False, seconds)

    def begin(self, path, interface, method, signature="", *arguments):
        """Sends a call; the list that it gives holds its outcome once there is one."""
        outcome = []

        def ended(value):
            self.events.append(("reply", path, method, {}))
            outcome.append(value)

        self.bus.call_async("org.bluez", path, interface, method, signature, arguments,
                            lambda *values: ended(values[0] if len(values) == 1 else values),
                            lambda error: ended(Failure(error)), timeout=90.0)
        return outcome

    def call(self, *call):
        outcome = self.begin(*call)
        if not self.until(lambda: outcome, 95):
            raise NoAnswer(call[2])
        if isinstance(outcome[0], Failure):
            raise outcome[0]
        return outcome[0]

    def objects(self):
        """What is there below our adapter: {path: {interface: properties}}."""
        return {str(path): interfaces for path, interfaces in self.call("/", OBJECTS, "GetManagedObjects").items()
                if path.startswith(OURS)}

    def get(self, path, interface, name):
        return self.call(path, PROPERTIES, "Get", "ss", interface, name)


def last_word(interface):
    return str(interface).rpartition(".")[2]


class AcquiredFd:
    """The reading end of AcquireNotify, or the writing one of AcquireWrite."""

    def __init__(self, reply):
        self.types = type(reply[0]).__name__ + " " + type_of(reply[1])
        self.socket = socket.socket(fileno=reply[0].take())
        self.shape = " ".join((self.socket.family.name, self.socket.type.name.partition("|")[0],
                               "blocking" if os.get_blocking(self.socket.fileno()) else "non-blocking"))

    def packets(self, client, seconds, count=None):
        """What comes within the time, or up to `count`; an empty packet is the hang-up and the last."""
        found = []

        def enough():
            try:
                found.append(self.socket.recv(1024))
            except BlockingIOError:
                pass
            return len(found) == count or (found and not found[-1])

        client.until(enough, seconds)
        return found

    def hangs_up(self, client):
        packets = self.packets(client, 10)
        return bool(packets) and not packets[-1]
