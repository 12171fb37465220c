// A GATT device for tests, as a link: the one that the bench's real stack is tried with
// (tests/bench/README.md: heart rate, blood pressure, device information, and a service F000 for
// what health devices do wrong or seldom), and its user, who is told things by say().
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "probes/dbus/value.h"
#include "probes/gatt/database.h"
#include "probes/gatt/event.h"
#include "probes/link.h"

namespace carebench {

class GattDevice final : public Link {
 public:
  explicit GattDevice(const Clock& clock);

  // agent CAPABILITY [reject] · passkey [DIGITS] (tells or types it) · forget · drop · silent
  // SECONDS · rate MS (of heart-rate values) · send UUID COUNT (values at once, numbered from 1, to
  // whom has subscribed). The answer, or "".
  std::string say(const std::string& words);

  const Facts& facts() const override { return facts_; }
  bool overlaps() const override { return true; }
  Result<Performed> perform(const Op& op, Duration timeout, std::stop_token stop) override;
  int wait_fd() const override { return timer_.get(); }
  void pump(Stamp now, Ingest& ingest) override;
  void close() noexcept override {}

 private:
  struct Value {
    Bytes octets;
    std::uint8_t refuses = 0;  // to be read, with this ATT error
    bool encrypted = false, authenticated = false;
  };
  void build();
  void add(std::uint16_t service, std::uint16_t uuid, unsigned properties, Value value);
  Performed read(const std::string& attribute);
  Performed write(const WriteValue& op);
  Performed subscribe(const Subscribe& op);
  Performed pair(const Pair& op);
  Performed pair_reply(const PairReply& reply, Duration timeout, const std::stop_token& stop);
  Performed paired(bool authenticated);
  Performed connect(Duration timeout, const std::stop_token& stop);
  const GattDatabase::Characteristic* find(const std::string& attribute) const;
  void send(std::uint16_t uuid, Bytes value);
  void arm(Duration after);
  std::string typed();

  const Clock& clock_;
  Facts facts_;
  const dbus::Descriptor timer_;
  GattDatabase database_;
  std::map<std::uint16_t, Value> values_;  // by handle

  std::mutex mutex_;  // guards all below
  std::set<std::uint16_t> subscribed_;
  std::deque<Bytes> events_;
  Stamp next_beat_, silent_until_, next_advertising_;
  Duration rate_ = milliseconds(100);
  bool connected_ = false, scanning_ = false, dropped_ = false;
  bool paired_ = false, authenticated_ = false, rejects_ = false;
  std::string capability_ = "NoInputNoOutput", ours_, shown_, typed_, dialogue_;
  std::uint16_t beats_ = 0;
};

}  // namespace carebench
