"""Pairing, by each method; bonds."""

from common import *  # noqa


class Agent(dbus.service.Object):
    """Our user: enters passkey(), or says `says` ("Rejected", "Canceled"), or is not at his desk ("")."""

    path = "/bench/traits/agent"

    def __init__(self):
        self.asked, self.passkey, self.says = [], None, ""
        super().__init__(client.bus, self.path)

    def decide(self, method):
        self.asked.append(method)
        if self.says:
            error = dbus.DBusException("the user said so")
            error._dbus_error_name = "org.bluez.Error." + self.says
            raise error

    @dbus.service.method(AGENT, in_signature="o", out_signature="u", async_callbacks=("give", "fail"))
    def RequestPasskey(self, _device, give, fail):
        try:
            self.decide("RequestPasskey")
        except dbus.DBusException as error:
            fail(error)
        else:
            if self.passkey:
                give(dbus.UInt32(self.passkey()))

    @dbus.service.method(AGENT, in_signature="ouq")
    def DisplayPasskey(self, _device, passkey, entered):
        self.asked.append("DisplayPasskey")
        if not entered:
            peripheral("passkey", f"{passkey:06}")

    @dbus.service.method(AGENT, in_signature="ou")
    def RequestConfirmation(self, _device, _passkey):
        self.decide("RequestConfirmation")

    @dbus.service.method(AGENT, in_signature="o")
    def RequestAuthorization(self, _device):
        self.decide("RequestAuthorization")

    @dbus.service.method(AGENT)
    def Cancel(self):
        pass  # comes or not, as the other user is quicker or slower

    @dbus.service.method(AGENT)
    def Release(self):
        pass


def shown(change=0):
    """The passkey that the device shows, or one beside it."""
    def passkey():
        client_sees = ""
        for _ in range(100):
            client_sees = peripheral("passkey")
            if client_sees.isdigit():
                break
            time.sleep(0.05)
        return (int(client_sees) + change) % 1000000

    return passkey


def strangers():
    """Neither side knows the other."""
    gone()
    peripheral("forget")
    client.settle(0.5)
    find()
    connected()


def our_agent(ours, passkey=None, says=""):
    agent.asked, agent.passkey, agent.says = [], passkey, says
    outcome("/org/bluez", MANAGER, "UnregisterAgent", "o", agent.path)
    client.call("/org/bluez", MANAGER, "RegisterAgent", "os", agent.path, ours)


def pairing_of(what, ours, theirs, passkey=None, says=""):
    peripheral("agent", *theirs.split())
    strangers()
    our_agent(ours, passkey, says)
    client.events.clear()
    result = attempt(f"{ours} with {theirs}{', ' + what if what else ''}", *device_call("Pair"))
    client.settle(1)
    trait("  our user is asked for", " ".join(dict.fromkeys(agent.asked)) or "nothing")
    trait("  events", told("Paired", "Bonded"))
    trait("  the link", "stays" if is_on("Connected") else "is gone")
    if result == "ok":
        attempt("  F001, encrypted", *read("F001"))
        attempt("  F002, authenticated", *read("F002"))


agent = Agent()


@section
def pairing():
    pairing_of("", "NoInputNoOutput", "NoInputNoOutput")
    pairing_of("", "NoInputNoOutput", "NoInputNoOutput reject")
    pairing_of("right passkey", "KeyboardOnly", "DisplayOnly", shown())
    pairing_of("wrong passkey", "KeyboardOnly", "DisplayOnly", shown(1))
    pairing_of("our user rejects", "KeyboardOnly", "DisplayOnly", says="Rejected")
    pairing_of("our user cancels", "KeyboardOnly", "DisplayOnly", says="Canceled")
    pairing_of("", "DisplayOnly", "KeyboardOnly")
    pairing_of("", "DisplayYesNo", "DisplayYesNo")
    pairing_of("our user rejects", "DisplayYesNo", "DisplayYesNo", says="Rejected")
    pairing_of("", "DisplayYesNo", "DisplayYesNo reject")
    pairing_of("", "KeyboardDisplay", "NoInputNoOutput")


@section
def bonds():
    peripheral("agent", "NoInputNoOutput")
    strangers()
    client.events.clear()
    attempt("F001, not paired", *read("F001"))
    client.settle(0.5)
    trait("events", told("Paired", "Bonded"))
    attempt("Pair, paired", *device_call("Pair"))
    attempt("F002, key not authenticated", *read("F002"))
    client.settle(1)
    trait("the link", "stays" if is_on("Connected") else "is gone")
    strangers()
    client.events.clear()
    attempt("F00C, StartNotify, not paired", *on("F00C", "StartNotify"))
    client.settle(0.5)
    trait("events", told("Paired", "Bonded"))
    client.call(*device_call("Disconnect"))
    client.settle(0.5)
    attempt("Connect, bonded", *device_call("Connect"))
    client.until(lambda: is_on("ServicesResolved"), 30)
    attempt("F001, bonded", *read("F001"))
    peripheral("agent", "DisplayOnly")
    strangers()
    our_agent("KeyboardOnly")
    first = client.begin(*device_call("Pair"))
    client.until(lambda: agent.asked, 20)
    attempt("Pair, while pairing", *device_call("Pair"))
    attempt("CancelPairing", *device_call("CancelPairing"))
    client.until(lambda: first, 60)
    trait("the Pair that was under way", first[0] if first else "never ended")
    gone()
