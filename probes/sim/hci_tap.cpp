#include "probes/sim/hci_tap.h"

#include "probes/gatt/event.h"
#include "standards/vocab/text.h"

namespace carebench::sim {
namespace {

constexpr std::uint16_t connection = 0x0040, att_channel = 0x0004;
// Adapter 0 and the opcode of the monitor channel, big-endian.
constexpr std::uint8_t event_packet[] = {0, 0, 0, 3}, acl_received[] = {0, 0, 0, 5};

void put16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}

class HciTap final : public Link, public Ingest {
 public:
  HciTap(Facts facts, std::unique_ptr<Engine> twin, TapWindow window, Clock& clock)
      : facts_(std::move(facts)), twin_(std::move(twin)), window_(window) {
    const GattBehaviour& behaviour = twin_->device().behaviour.gatt;
    if (behaviour.uncalled) window_ = {};
    if (behaviour.never_stops) window_.until = never;
    facts_.supports = {OpKind::connect, OpKind::disconnect, OpKind::flush};
    const Stamp now = clock.now();
    twin_->connect(now);
    twin_->gatt()->subscribe_to_all();
  }

  const Facts& facts() const override { return facts_; }
  Stamp next_due() const override { return told_ ? twin_->next_due() : Stamp{}; }

  void pump(Stamp now, Ingest& ingest) override {
    out_ = &ingest;
    if (!told_) tell_connection(now);
    twin_->pump(now, *this);
  }

  Result<Performed> perform(const Op& op, Duration, std::stop_token) override {
    const OpKind kind = kind_of(op);
    const bool listens =
        kind == OpKind::connect || kind == OpKind::disconnect || kind == OpKind::flush;
    return listens ? Performed{} : cannot(op);
  }

  void close() noexcept override {}

 private:
  // LE Connection Complete (Core 5.3, Vol 4, Part E, 7.7.65.1).
  void tell_connection(Stamp now) {
    told_ = true;
    Bytes packet(event_packet, event_packet + sizeof event_packet);
    packet.insert(packet.end(), {0x3E, 19, 0x01, 0x00});
    put16(packet, connection);
    packet.push_back(0);
    packet.push_back(twin_->gatt()->address_type() == "random" ? 1 : 0);
    std::string digits;
    for (const char c : twin_->gatt()->address(now))
      if (c != ':') digits += c;
    const Bytes address = from_hex(digits).value_or(Bytes(6));
    packet.insert(packet.end(), address.rbegin(), address.rend());
    packet.resize(packet.size() + 7);  // interval, latency, time-out, accuracy
    out_->frame(now, packet);
  }

  // A value of the twin, as it would have passed.
  void frame(Stamp stamp, ByteView octets) override {
    GattEvent event;
    if (!GattEvent::parse(octets, event) || !event.is_value()) return;
    if (stamp < window_.from || stamp >= window_.until) return;
    Bytes packet(acl_received, acl_received + sizeof acl_received);
    put16(packet, connection | 0x2000U);
    put16(packet, event.value.size() + 7);
    put16(packet, event.value.size() + 3);
    put16(packet, att_channel);
    packet.push_back(event.kind == EventKind::indication ? 0x1D : 0x1B);
    put16(packet, event.handle);
    packet.insert(packet.end(), event.value.begin(), event.value.end());
    out_->frame(stamp, packet);
  }
  void lost(Stamp, std::string_view) override {}  // the adapter stays

  Facts facts_;
  const std::unique_ptr<Engine> twin_;
  TapWindow window_;
  Ingest* out_ = nullptr;
  bool told_ = false;
};

}  // namespace

std::unique_ptr<Link> hci_tap(Facts facts, std::unique_ptr<Engine> twin, TapWindow window,
                              Clock& clock) {
  return std::make_unique<HciTap>(std::move(facts), std::move(twin), window, clock);
}

}  // namespace carebench::sim
