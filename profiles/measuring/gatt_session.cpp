#include "profiles/measuring/gatt_session.h"

#include <algorithm>
#include <array>

#include "probes/gatt/characteristic.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration connect_timeout = seconds(45), discover_timeout = seconds(30);

// Heart rate, blood pressure, glucose, thermometer, pulse oximeter, weight scale, body composition,
// continuous glucose, user data, running and cycling speed, generic health sensor, physical
// activity, emergency configuration, binary sensor.
constexpr std::array<std::uint16_t, 15> health = {0x180D, 0x1810, 0x1808, 0x1809, 0x1822,
                                                  0x181D, 0x181B, 0x181F, 0x181C, 0x1814,
                                                  0x1816, 0x1840, 0x183E, 0x183C, 0x183B};
// Generic access, generic attribute, immediate alert, link loss, TX power, current time, device
// information, battery, bond management, elapsed time.
constexpr std::array<std::uint16_t, 10> common = {0x1800, 0x1801, 0x1802, 0x1803, 0x1804,
                                                  0x1805, 0x180A, 0x180F, 0x181E, 0x183F};

template <std::size_t N>
bool holds(const std::array<std::uint16_t, N>& list, const Uuid& service) {
  const auto assigned = service.assigned();
  return assigned && std::find(list.begin(), list.end(), *assigned) != list.end();
}

}  // namespace

Result<bool> GattSession::connect() {
  auto outcome = port_.perform(Connect{}, connect_timeout);
  port_.by_hand();
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind == Outcome::Kind::done) return true;
  missed_ = outcome->kind;
  why_ = outcome->text.empty() ? "no connection came about in time" : std::string(outcome->text);
  return false;
}

Result<bool> GattSession::discover() {
  auto connected = connect();
  if (!connected || !*connected) return connected;
  auto outcome = port_.perform(Discover{}, discover_timeout);
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind != Outcome::Kind::done) {
    missed_ = outcome->kind;
    why_ = cat("its services were not told: ", outcome->text);
    return false;
  }
  const auto json = parse_json(outcome->text, "GATT database");
  if (!json) return tl::unexpected(json.error());
  auto database = GattDatabase::from(*json);
  if (!database) return tl::unexpected(database.error());
  database_ = std::move(*database);
  return true;
}

Result<bool> GattSession::attach(std::string_view capability) {
  auto found = discover();
  if (capability.empty()) capability = port_.device().gatt.pair;
  if (!found || !*found || capability.empty()) return found;
  auto paired = port_.pair(capability);
  if (!paired) return tl::unexpected(paired.error());
  if (paired->kind == Outcome::Kind::done) return true;
  if (paired->kind == Outcome::Kind::lost) {
    why_ = paired->text;
    return false;
  }
  return fail(Errc::not_ready, Blame::profile,
              cat(port_.name(),
                  " did not pair: ", paired->text.empty() ? "no end came in time" : paired->text,
                  "; check the capability under ble: {pair: …} and the passkey"));
}

Result<void> GattSession::disconnect() {
  auto outcome = port_.perform(Disconnect{}, seconds(10));
  port_.by_hand();
  if (!outcome) return tl::unexpected(outcome.error());
  return {};
}

Result<void> GattSession::forget() {
  if (auto gone = disconnect(); !gone) return gone;
  auto outcome = port_.perform(Unpair{}, seconds(10));
  if (!outcome) return tl::unexpected(outcome.error());
  return {};
}

Result<GattStatus> GattSession::status() {
  auto outcome = port_.perform(Status{});
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind != Outcome::Kind::done) return GattStatus{};
  const auto json = parse_json(outcome->text, "status");
  if (!json) return tl::unexpected(json.error());
  return GattStatus::from(*json);
}

void GattSession::tell_reached(Context& context, std::string_view output, bool reached) const {
  if (reached || missed_ != Outcome::Kind::lost)
    context.truth(output, reached, {}, reached ? "" : why_);
  else
    context.unseen(output, why_);
}

std::string path_of(const GattDatabase::Service& service, std::size_t characteristic) {
  const Uuid& uuid = service.characteristics[characteristic].uuid;
  int instance = 1;
  for (std::size_t i = 0; i < characteristic; ++i)
    instance += service.characteristics[i].uuid == uuid;
  AttributePath path;
  path.service = service.uuid;
  path.characteristic = uuid;
  path.instance = instance;
  return path.text();
}

bool is_health_service(const Uuid& service) { return holds(health, service); }
bool is_common_service(const Uuid& service) { return holds(common, service); }

bool is_descriptive(const Uuid& characteristic) {
  // Body sensor location, temperature type, sensor location.
  constexpr std::array<std::uint16_t, 3> where = {0x2A38, 0x2A1D, 0x2A5D};
  const auto assigned = characteristic.assigned();
  const GattCharacteristic* known = assigned ? gatt_characteristic(*assigned) : nullptr;
  return holds(where, characteristic) ||
         (known && (known->id.ends_with("feature") || known->id.ends_with("features")));
}

bool names_service(const std::vector<std::string>& list, const Uuid& service) {
  return std::ranges::any_of(list,
                             [&](const std::string& text) { return Uuid::parse(text) == service; });
}

bool names_attribute(const std::vector<std::string>& list, std::string_view path) {
  return std::ranges::any_of(list, [&](const std::string& text) {
    const auto named = AttributePath::parse(text);
    return named && named->text() == path;
  });
}

void lint_services(const StepView& step, std::string_view param, Problems& problems) {
  for (const std::string& text : step.with.texts(param))
    if (!Uuid::parse(text))
      step.with.problem(param, step.at, cat("\"", printable(text), "\" is no UUID of a service"),
                        problems);
}

void lint_attributes(const StepView& step, std::string_view param, Problems& problems) {
  for (const std::string& text : step.with.texts(param)) {
    const auto path = AttributePath::parse(text);
    if (!path || !path->service || path->descriptor)
      step.with.problem(param, step.at,
                        cat("\"", printable(text),
                            "\" names no characteristic of a service, as "
                            "180D/2A37"),
                        problems);
  }
}

void lint_values(const StepView& step, std::string_view param, Problems& problems) {
  const yaml::Node values = step.with.tree(param);
  if (!values) return;
  if (values.kind() != yaml::Kind::map)
    return values.problem(problems, cat(param, " are a map, as {\"1805/2A2B\": \"ea07\"}"));
  for (const auto& [key, value] : values.entries()) {
    const auto path = AttributePath::parse(key.text());
    if (!path || !path->service || path->text() != key.text())
      key.problem(problems, "characteristics are named with their service, as 1805/2A2B");
    if (!from_hex(value.text())) value.problem(problems, "octets are written in hexadecimal");
  }
}

}  // namespace carebench
