// A step that uses a GATT device by hand: connects, reads, subscribes and pairs at its own times,
// and takes what the device does as it is. A device that cannot be reached is a measured value of
// the step's, with why(); an Error is a fault of bench, profile or tool.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/gatt/database.h"
#include "probes/gatt/event.h"
#include "probes/gatt/status.h"
#include "profiles/measuring/listening.h"

namespace carebench {

class GattSession {
 public:
  explicit GattSession(Port& port) : port_(port) { port_.by_hand(); }

  Result<bool> connect();   // false: no connection came about
  Result<bool> discover();  // connects; false: no database. database() holds it
  // discover(), and pairs with that capability of the bench, or as the profile says of the device
  // (`ble: {pair: …}`); a device that refuses to is an Error.
  Result<bool> attach(std::string_view capability = {});
  Result<void> disconnect();
  // Drops the bench's bond and connection, so that the device meets a stranger.
  Result<void> forget();
  Result<GattStatus> status();
  const GattDatabase& database() const { return database_; }
  const std::string& why() const { return why_; }  // of the last false
  void lost(std::string_view how) { why_ = how; }  // found out elsewhere
  // Of the last false of connect() and discover(): a device that is not there is timed_out.
  Outcome::Kind missed() const { return missed_; }
  Port& port() { return port_; }

  // The truth `output`: whether it was reached. A link that came up and dropped tells of neither: a
  // device that holds a bond with the bench may drop one that comes without it.
  void tell_reached(Context& context, std::string_view output, bool reached) const;

  // Events of the device until the deadline; `take` gets each. A loss of the link ends it: false.
  template <class Take>
  Result<bool> listen(Stamp deadline, Take take) {
    return listen(port_, deadline, take);
  }
  // As something beside the port has them: `from` is asked as a port is, for what comes next.
  template <class From, class Take>
  Result<bool> listen(From& from, Stamp deadline, Take take) {
    while (true) {
      auto outcome = from.next(deadline);
      if (!outcome) return tl::unexpected(outcome.error());
      if (outcome->kind == Outcome::Kind::lost) {
        why_ = outcome->text;
        return false;
      }
      if (outcome->kind == Outcome::Kind::gap) return cut_off();
      if (outcome->kind == Outcome::Kind::timed_out) return true;
      GattEvent event;
      if (outcome->kind == Outcome::Kind::frame && GattEvent::parse(outcome->octets, event))
        take(*outcome, event);
    }
  }

 private:
  Port& port_;
  GattDatabase database_;
  std::string why_;
  Outcome::Kind missed_ = Outcome::Kind::done;
};

// "180D/2A37", with "#2" for a second one alike in its service.
std::string path_of(const GattDatabase::Service& service, std::size_t characteristic);

// Services whose values tell of a person's health, by Bluetooth's assigned numbers.
bool is_health_service(const Uuid& service);
// Generic Access, Generic Attribute, device information, battery, …: what any device has.
bool is_common_service(const Uuid& service);
// Of a health service, but no value of anybody's: what the device can do, where it is worn.
bool is_descriptive(const Uuid& characteristic);

// Lists of a profile: services as UUIDs, attributes as "180D/2A37". What is neither is a problem.
bool names_service(const std::vector<std::string>& list, const Uuid& service);
bool names_attribute(const std::vector<std::string>& list, std::string_view path);
void lint_services(const StepView& step, std::string_view param, Problems& problems);
void lint_attributes(const StepView& step, std::string_view param, Problems& problems);
// A tree {"1805/2A2B": "ea07…"}: characteristics as path_of() writes them, octets in hexadecimal.
void lint_values(const StepView& step, std::string_view param, Problems& problems);

}  // namespace carebench
