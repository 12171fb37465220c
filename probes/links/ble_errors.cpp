#include "probes/links/ble_errors.h"

#include <array>

#include "probes/gatt/refusal.h"
#include "probes/links/wait.h"
#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Kind = Outcome::Kind;
using enum BleAsked;

// What is wrong where it is the bench's to put right; ADAPTER and DEVICE stand for their names.
struct Fault {
  Errc code;
  std::string_view text;
};
constexpr Fault no_bluetoothd{Errc::not_found,
                              "no bluetoothd answers on the D-Bus system bus: install the package "
                              "bluez and start it (systemctl start bluetooth)"};
constexpr Fault not_let{Errc::not_permitted,
                        "the D-Bus policy does not let this user talk to bluetoothd: add yourself "
                        "to the group bluetooth and log in again, or see "
                        "/etc/dbus-1/system.d/bluetooth.conf"};
constexpr Fault switched_off{Errc::not_ready,
                             "adapter ADAPTER is switched off: rfkill unblock bluetooth, then "
                             "bluetoothctl power on"};
constexpr Fault blocked{Errc::not_ready,
                        "adapter ADAPTER is blocked by rfkill: rfkill unblock bluetooth, or the "
                        "machine's radio switch"};
constexpr Fault no_adapter{Errc::not_found,
                           "adapter ADAPTER is not there any more: plug it in again, and see "
                           "carebench devices"};
constexpr Fault in_use{Errc::busy,
                       "another program on this machine uses DEVICE: end it (bluetoothctl, a "
                       "desktop's Bluetooth settings, another run)"};
constexpr Fault too_many{Errc::busy,
                         "adapter ADAPTER holds as many connections as it can: disconnect other "
                         "devices"};
constexpr Fault no_resources{Errc::not_ready,
                             "the machine gave no connection to DEVICE: restart bluetoothd, or "
                             "unplug adapter ADAPTER and plug it in again"};
constexpr Fault classic{Errc::unsupported,
                        "bluetoothd takes DEVICE for a classic (BR/EDR) device: let it advertise "
                        "over LE, forget it (bluetoothctl remove DEVICE), and try again"};
constexpr Fault bad_capability{Errc::bad_input,
                               "bluetoothd does not know this pairing capability: write "
                               "NoInputNoOutput, DisplayOnly, DisplayYesNo, KeyboardOnly or "
                               "KeyboardDisplay"};
constexpr Fault silent{Errc::not_ready,
                       "bluetoothd does not answer: restart it (systemctl restart bluetooth)"};
constexpr Fault unknown{Errc::not_ready, "bluetoothd could not do it; its journal says more"};

// The first row that fits is taken. `error` ends the error's name; `message` is a part of its text.
struct Row {
  std::optional<BleAsked> asked;  // nothing: whatever was asked
  std::string_view error, message;
  Kind kind;  // answered: a fault
  const Fault* fault = nullptr;
  std::string_view advice{};
  bool again = false;
};

constexpr std::string_view asleep =
    "; it does not answer: is it awake and near? Many devices sleep after a reading; wake it as "
    "its "
    "manual says";
constexpr std::string_view changed =
    "; its services have changed: connect again, and discover them again";
constexpr std::string_view gone = "; the link is down";

constexpr std::array rows = {
    Row{{}, "DBus.Error.ServiceUnknown", "", Kind::answered, &no_bluetoothd},
    Row{{}, "DBus.Error.NameHasNoOwner", "", Kind::answered, &no_bluetoothd},
    Row{{}, "DBus.Error.Spawn.*", "", Kind::answered, &no_bluetoothd},
    Row{{}, "systemd1.NoSuchUnit", "", Kind::answered, &no_bluetoothd},
    Row{{}, "DBus.Error.AccessDenied", "", Kind::answered, &not_let},
    Row{{}, "DBus.Error.AuthFailed", "", Kind::answered, &not_let},
    Row{{}, "Error.NotReady", "", Kind::answered, &switched_off},
    Row{{}, "Error.Blocked", "", Kind::answered, &blocked},
    Row{{}, "Error.Failed", "adapter-not-powered", Kind::answered, &switched_off},
    Row{{}, "Error.Failed", "Not Powered", Kind::answered, &switched_off},
    Row{{}, "Error.Failed", "Blocked through rfkill", Kind::answered, &blocked},

    Row{scan, "Error.InProgress", "", Kind::done},
    Row{scan, "Error.Failed", "No discovery started", Kind::done},
    Row{scan, "DBus.Error.Unknown*", "", Kind::answered, &no_adapter},

    Row{connect, "Error.AlreadyConnected", "", Kind::done},
    Row{connect, "Error.Failed", "already-connected", Kind::done},
    Row{connect, "Error.InProgress", "", Kind::answered, &in_use, {}, true},
    Row{connect,
        "Error.Failed",
        "Operation already in progress",
        Kind::answered,
        &in_use,
        {},
        true},
    Row{connect, "Error.Failed", "connection-busy", Kind::answered, &in_use, {}, true},
    Row{connect, "Error.Failed", "concurrent-connection-limit", Kind::answered, &too_many},
    Row{connect, "Error.Failed", "memory-allocation", Kind::answered, &no_resources},
    Row{connect, "Error.Failed", "create-socket", Kind::answered, &no_resources},
    Row{connect, "Error.Failed", "bad-socket", Kind::answered, &no_resources},
    Row{connect, "Error.Failed", "Input/output error", Kind::answered, &switched_off},
    Row{connect, "Error.Failed", "profile-unavailable", Kind::answered, &classic},
    Row{connect, "Error.NotAvailable", "", Kind::answered, &classic},
    Row{connect, "Error.Failed", "connection-refused", Kind::refused},
    Row{connect, "Error.Failed", "abort-by-remote", Kind::refused, nullptr, {}, true},
    Row{connect, "Error.Failed", "link-layer-protocol-error", Kind::refused, nullptr, {}, true},
    Row{connect, "Error.Failed", "connection-not-supported", Kind::refused},
    Row{connect, "Error.Failed", "abort-by-local", Kind::timed_out, nullptr, asleep, true},
    Row{connect, "Error.Failed", "connection-timeout", Kind::timed_out, nullptr, asleep, true},
    Row{connect, "Error.Failed", "page-timeout", Kind::timed_out, nullptr, asleep, true},
    Row{connect, "Error.Failed", "connection-canceled", Kind::timed_out, nullptr, {}, true},
    Row{connect, "Error.Failed", "gatt-browsing", Kind::timed_out, nullptr, {}, true},
    Row{connect, "Error.Failed", "connection-unknown", Kind::timed_out, nullptr, {}, true},
    Row{connect, "Error.Failed", "Software caused connection abort", Kind::timed_out, nullptr,
        asleep, true},
    Row{connect, "DBus.Error.Unknown*", "", Kind::timed_out, nullptr,
        "; bluetoothd has forgotten it meanwhile", true},

    Row{{}, "Error.Failed", "Not connected", Kind::lost, nullptr, gone},
    Row{{}, "Error.NotConnected", "", Kind::lost, nullptr, gone},
    Row{attribute, "Error.InProgress", "", Kind::answered, &in_use},
    Row{attribute, "DBus.Error.Unknown*", "", Kind::refused, nullptr, changed},
    Row{attribute, "Error.Failed", "ATT error: 0x", Kind::refused},
    Row{attribute, "Error.NotPermitted", "acquired", Kind::answered, &in_use},
    Row{attribute, "Error.NotPermitted", "", Kind::refused},
    Row{attribute, "Error.NotAuthorized", "", Kind::refused},
    Row{attribute, "Error.NotSupported", "", Kind::refused},
    Row{attribute, "Error.InvalidArguments", "Invalid offset", Kind::refused},
    Row{attribute, "Error.InvalidArguments", "Invalid Length", Kind::refused},
    Row{attribute, "Error.InvalidOffset", "", Kind::refused},
    Row{attribute, "Error.InvalidValueLength", "", Kind::refused},

    Row{subscribe, "Error.InProgress", "", Kind::answered, &in_use},
    Row{subscribe, "Error.NotPermitted", "acquired", Kind::answered, &in_use},
    Row{subscribe, "Error.Failed", "No notify session started", Kind::done},
    Row{subscribe, "DBus.Error.Unknown*", "", Kind::refused, nullptr, changed},
    Row{subscribe, "Error.Failed", "ATT error: 0x", Kind::refused},
    Row{subscribe, "Error.NotPermitted", "", Kind::refused},
    Row{subscribe, "Error.NotAuthorized", "", Kind::refused},
    Row{subscribe, "Error.NotSupported", "", Kind::refused},

    Row{pair, "Error.AlreadyExists", "", Kind::done},
    Row{pair, "Error.InvalidArguments", "", Kind::answered, &bad_capability},
    Row{pair, "Error.InProgress", "", Kind::answered, &in_use},
    Row{pair, "Error.AuthenticationFailed", "", Kind::refused, nullptr, bond_left_advice},
    Row{pair, "Error.AuthenticationRejected", "", Kind::refused},
    Row{pair, "Error.AuthenticationCanceled", "", Kind::refused},
    Row{pair, "Error.AuthenticationTimeout", "", Kind::timed_out},
    Row{pair, "Error.ConnectionAttemptFailed", "", Kind::timed_out, nullptr, asleep},
    Row{pair, "DBus.Error.Unknown*", "", Kind::timed_out, nullptr, asleep},

    Row{remove, "Error.DoesNotExist", "", Kind::done},
    Row{remove, "DBus.Error.Unknown*", "", Kind::answered, &no_adapter},
};

bool names(std::string_view pattern, std::string_view error) {
  if (pattern.ends_with('*'))
    return error.find(pattern.substr(0, pattern.size() - 1)) != error.npos;
  return error.ends_with(pattern);
}

const Row* row_of(const dbus::Answer& answer, std::optional<BleAsked> asked) {
  for (const Row& row : rows)
    if ((!row.asked || !asked || row.asked == asked) && names(row.error, answer.error) &&
        answer.message.find(row.message) != answer.message.npos)
      return &row;
  return nullptr;
}

std::string with_names(std::string_view text, const BleAsking& asking) {
  std::string out(text);
  for (const auto& [word, name] :
       {std::pair<std::string_view, std::string_view>{"ADAPTER", asking.adapter},
        {"DEVICE", asking.device}})
    for (std::size_t at = out.find(word); at != out.npos; at = out.find(word, at + name.size()))
      out.replace(at, word.size(), name);
  return out;
}

Result<Link::Performed> time_is_up(const BleAsking& asking) {
  const std::string time = to_string(asking.timeout);
  switch (asking.asked) {
    case connect:
      return Link::Performed{Kind::timed_out, cat("not connected after ", time, asleep)};
    case pair:
      return Link::Performed{Kind::timed_out, cat("not paired after ", time)};
    case attribute:
    case subscribe:
      return Link::Performed{Kind::timed_out,
                             cat("no answer after ", time, ": the device or its radio is silent")};
    default:
      return fail(silent.code, Blame::bench, cat(silent.text, ": no reply after ", time));
  }
}

}  // namespace

Result<Link::Performed> come_of(const dbus::Answer& answer, const BleAsking& asking) {
  switch (answer.kind) {
    case dbus::Answer::Kind::done:
      return Link::Performed{};
    case dbus::Answer::Kind::stopped:
      return stopped(cat("waiting for ", asking.device));
    case dbus::Answer::Kind::timed_out:
      return time_is_up(asking);
    case dbus::Answer::Kind::lost:
      return Link::Performed{
          Kind::lost, answer.message.empty() ? "bluetoothd has ended" : printable(answer.message)};
    case dbus::Answer::Kind::refused:
      break;
  }
  const std::string said = printable(refusal_text(answer.error, answer.message));
  const Row* row = row_of(answer, asking.asked);
  if (row && row->kind != Kind::answered)
    return Link::Performed{row->kind,
                           row->kind == Kind::done ? std::string() : cat(said, row->advice)};
  const Fault& fault = row ? *row->fault : unknown;
  const Blame blame = &fault == &bad_capability ? Blame::profile : Blame::bench;
  return fail(fault.code, blame, cat(with_names(fault.text, asking), " (", said, ")"));
}

bool worth_another_try(const dbus::Answer& answer) {
  const Row* row =
      answer.kind == dbus::Answer::Kind::refused ? row_of(answer, BleAsked::connect) : nullptr;
  return row && row->again;
}

}  // namespace carebench::links
