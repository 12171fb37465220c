#include "profiles/measuring/gatt_session.h"

#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr Duration connect_timeout = seconds(45), discover_timeout = seconds(30);

}  // namespace

Result<bool> GattSession::connect() {
  auto outcome = port_.perform(Connect{}, connect_timeout);
  port_.by_hand();
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind == Outcome::Kind::done) return true;
  why_ = outcome->text.empty() ? "no connection came about in time" : std::string(outcome->text);
  return false;
}

Result<bool> GattSession::discover() {
  auto connected = connect();
  if (!connected || !*connected) return connected;
  auto outcome = port_.perform(Discover{}, discover_timeout);
  if (!outcome) return tl::unexpected(outcome.error());
  if (outcome->kind != Outcome::Kind::done) {
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

}  // namespace carebench
