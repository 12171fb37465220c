"""What the peripheral of the bench serves: its services and values, as the D-Bus objects that bluetoothd asks for."""

import struct

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SystemBus()

PROPERTIES, OBJECTS = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"


def uuid(short):
    """16-bit numbers of the Bluetooth SIG; F0xx are the bench's own."""
    return f"0000{short.lower()}-" + ("6361-7265-6265-6e6368000000" if short.startswith("F0")
                                      else "0000-1000-8000-00805f9b34fb")


def octets(data):
    return dbus.Array(data, signature="y")


class Refused(dbus.DBusException):
    """bluetoothd makes an ATT error of the name and the message."""

    def __init__(self, name, message=""):
        super().__init__(message)
        self._dbus_error_name = "org.bluez.Error." + name


def refuse(name, message=""):
    def refused(*_):
        raise Refused(name, message)

    return refused


def at_most_four(characteristic, value):
    if len(value) > 4:
        raise Refused("InvalidValueLength")
    characteristic.value = value


def heart_rate_control(_, value):
    if value != b"\1":
        raise Refused("Failed", "0x80")


def echo(characteristic, value):
    characteristic.notify(value)


def heart_rate(number):
    """Contact seen, one RR interval that belongs to the rate: 60 … 99 /min, one more with each value."""
    rate = 60 + number % 40
    return struct.pack("<BBH", 0x16, rate, round(60 * 1024 / rate))


def blood_pressure(number):
    """mmHg, with time stamp and pulse rate: 118/80 (93) mmHg, the systolic one more with each value, up to 127."""
    return struct.pack("<BHHHHBBBBBH", 0x06, 118 + number % 10, 80, 93, 2026, 1, 15, 8, 30, 0, 72)


def temperature(number):
    """36.5 °C, a tenth more with each value, up to 37.4 °C."""
    return struct.pack("<BI", 0x00, 0xFF000000 | (365 + number % 10))


MEASURED = {"2A37": heart_rate, "2A35": blood_pressure, "2A1C": temperature}

# Service: its characteristics, as (UUID, flags, value, what else reading or writing it does)
SERVICES = {
    "180D": [("2A37", "notify"), ("2A38", "read", b"\1"), ("2A39", "write", b"", {"write": heart_rate_control})],
    "1810": [("2A35", "indicate"), ("2A49", "read", b"\0\0")],
    "180A": [("2A29", "read", b"Carebench"), ("2A24", "read", b"BP-HR 1"), ("2A25", "read", b"BHB-26-004217"),
             ("2A27", "read", b"B"), ("2A26", "read", b"1.4.2"), ("2A28", "read", b"1.4"),
             ("2A23", "read", bytes.fromhex("17420006efcdab00")), ("2A50", "read", bytes.fromhex("02091201000001"))],
    "180F": [("2A19", "read notify", b"\x57")],
    "F000": [("F001", "encrypt-read encrypt-write", b"for the bonded"),
             ("F002", "encrypt-authenticated-read", b"for the authenticated"),
             ("F003", "read", b"", {"read": refuse("NotPermitted")}),
             ("F004", "read", b"", {"read": refuse("Failed", "0x81")}),
             ("F005", "read", b"", {"read": refuse("InvalidOffset")}),
             ("F006", "read", b"", {"read": refuse("NotAuthorized")}),
             ("F007", "read", bytes(number % 256 for number in range(400))),
             ("F008", "read write write-without-response reliable-write"),
             ("F009", "write", b"", {"write": at_most_four}),
             ("F00A", "write-without-response notify", b"", {"write": echo}),
             ("F00B", "write"),
             ("F00C", "encrypt-notify")],
}
MORE_SERVICES = {"1809": [("2A1C", "indicate"), ("2A1D", "read", b"\2")]}


class Object(dbus.service.Object):
    def __init__(self, path, interface, properties):
        self.path, self.interface, self.properties = path, interface, properties
        super().__init__(bus, path)

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        return self.properties

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass


class Characteristic(Object):
    def __init__(self, service, number, short, flags, value=b"", hooks=None):
        self.short, self.value, self.hooks = short, value, hooks or {}
        self.subscribed, self.sent, self.confirmed, self.written = False, 0, 0, []
        super().__init__(f"{service}/characteristic{number:02}", CHARACTERISTIC,
                         {"Service": dbus.ObjectPath(service), "UUID": uuid(short),
                          "Flags": dbus.Array(flags.split(), signature="s")})

    @dbus.service.method(CHARACTERISTIC, in_signature="a{sv}", out_signature="ay")
    def ReadValue(self, options):
        if "read" in self.hooks:
            self.hooks["read"]()
        return octets(self.value[int(options.get("offset", 0)):])

    @dbus.service.method(CHARACTERISTIC, in_signature="aya{sv}")
    def WriteValue(self, value, options):
        value, offset = bytes(value), int(options.get("offset", 0))
        self.written.append(value.hex())
        if "write" in self.hooks:
            self.hooks["write"](self, value)
        else:
            self.value = self.value[:offset] + value

    @dbus.service.method(CHARACTERISTIC)
    def StartNotify(self):
        self.subscribed = True
        if self.short == "2A35":  # a cuff that has one reading to tell
            GLib.timeout_add(50, self.next)

    @dbus.service.method(CHARACTERISTIC)
    def StopNotify(self):
        self.subscribed = False

    @dbus.service.method(CHARACTERISTIC)
    def Confirm(self):
        self.confirmed += 1

    def notify(self, value):
        if self.subscribed:
            self.sent += 1
            self.PropertiesChanged(CHARACTERISTIC, {"Value": octets(value)}, [])

    def next(self):
        measured = MEASURED.get(self.short)
        self.notify(measured(self.sent) if measured else struct.pack("<I", self.sent))
        return False


class Application(dbus.service.Object):
    def __init__(self, path, services):
        self.path, self.objects = path, []
        super().__init__(bus, path)
        for number, (short, characteristics) in enumerate(services.items()):
            service = Object(f"{path}/service{number:02}", SERVICE, {"UUID": uuid(short), "Primary": True})
            self.objects += [service, *(Characteristic(service.path, place, *characteristic)
                                        for place, characteristic in enumerate(characteristics))]

    def characteristics(self):
        return [one for one in self.objects if isinstance(one, Characteristic)]

    @dbus.service.method(OBJECTS, out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self):
        return {dbus.ObjectPath(one.path): {one.interface: one.properties} for one in self.objects}
