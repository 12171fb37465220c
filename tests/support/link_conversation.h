// A byte conversation straight on a link, without lane and recorder: for tests of links and
// clients. One thread; real time since construction.
#pragma once

#include <chrono>
#include <deque>

#include "probes/link.h"
#include "probes/modbus/client.h"

namespace carebench {

class LinkConversation final : public ByteConversation, private Ingest {
 public:
  explicit LinkConversation(Link& link) : link_(link) {}

  Result<Outcome> write(ByteView octets, Duration timeout) override;
  Result<Outcome> next(Stamp deadline) override;
  Result<Outcome> flush() override;
  Stamp now() const override { return now_; }

  Stamp clock() const;

 private:
  struct Arrived {
    Outcome::Kind kind;
    Stamp stamp;
    Bytes octets;
    std::string text;
  };
  void frame(Stamp stamp, ByteView octets) override;
  void lost(Stamp stamp, std::string_view how) override;
  Outcome outcome(Outcome::Kind kind, Stamp stamp);
  bool wait(Stamp deadline);

  Link& link_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::deque<Arrived> queue_;
  Arrived delivered_;
  std::uint64_t seq_ = 0;
  Stamp now_;
};

}  // namespace carebench
