// A virtual device, live: it streams, answers, moves and breaks in the time it is told. Everything
// it does follows from the device's file, the seed, the time and the octets it was sent; it has no
// clock, no thread and no lock of its own, so the same engine stands behind the sim: link (virtual
// time) and behind a pseudo-terminal (real time).
//
// Time never goes back. The device runs from power-on, whether its port is open or not; what it
// says while the port is closed is lost, but for streams that are stored.
//
// A GATT device has a link instead of a port: connect() and disconnect() are the bench's, the
// device itself may end it (pump() tells of it as lost), and it is heard where somebody
// subscribed. Events leave through pump() as gatt/event.h has them.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/link.h"
#include "probes/sim/gatt_device.h"
#include "probes/sim/modbus_server.h"
#include "probes/sim/receiver.h"
#include "probes/sim/transmitter.h"
#include "probes/sim/values.h"

namespace carebench::sim {

struct EngineOptions {
  std::string faults;                 // "a+b", "" = sound
  std::optional<std::uint64_t> seed;  // else the device's
  int sample = 1;
  std::string serial;     // "" = the device's own
  Stamp start;            // power-on
  bool connected = true;  // the port is open at power-on
  // The world's time at stamp 0: waves of two devices agree where this and the seed agree.
  Duration world;
  // No pause on the line shorter than this ends a request: real hosts run late.
  Duration least_pause;
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> create(std::shared_ptr<const VirtualDevice> device,
                                                const EngineOptions& options);

  void connect(Stamp now);  // somebody opened the port
  void disconnect(Stamp now);
  bool connected() const { return connected_; }
  void receive(Stamp now, ByteView octets);  // from the bench

  // Of a GATT device (engine_gatt.cpp): requests of a peer that is connected. nullptr: it is none.
  GattDevice* gatt() { return gatt_.get(); }
  GattAnswer read_attribute(Stamp now, std::uint16_t handle);
  GattAnswer write_attribute(Stamp now, std::uint16_t handle, ByteView octets);
  GattAnswer subscribe_attribute(Stamp now, std::uint16_t handle, bool on);
  GattPairingPeer::Step pair(Stamp now, std::string_view bench_capability);
  GattPairingPeer::Step pair_reply(Stamp now, bool accept, std::string_view passkey);
  bool encrypt(Stamp now, std::uint64_t bond);  // with a bond of before
  void scan(Stamp now, bool on);                // the peer hears advertising
  void drop(Stamp now, std::string_view how);   // the link ends, and pump() tells of it
  // The bench's end of the line runs at this speed; 0: the same as the device. Wrong: garbage.
  void set_peer_baud(int baud) { peer_baud_ = baud; }

  // When something may come next; `never` while the port is closed or the device is gone.
  Stamp next_due() const;
  // Hands over what has arrived until `now`, one burst a frame, each with its own stamp.
  void pump(Stamp now, Ingest& ingest);
  bool unplugged() const { return unplugged_; }

  // The state as JSON: values, what moves, and how the port was left each time it was closed.
  Json observe(Stamp now);
  const Json& closings() const { return closings_; }
  // A message that could not be encoded: a mistake in the device's file. Reported once.
  std::optional<Error> take_trouble() { return std::exchange(trouble_, std::nullopt); }

  const VirtualDevice& device() const { return *device_; }

 private:
  Engine(std::shared_ptr<const VirtualDevice> device, const EngineOptions& options);

  struct LiveStream {
    const Stream* spec = nullptr;
    FieldInputs inputs;
    std::vector<std::pair<std::size_t, FieldInput*>> sources;  // value -> its place in inputs
    Nanoseconds period = 0;
    Stamp base, due;
    std::uint64_t number = 0;
    std::uint64_t seed = 0;
  };
  struct LiveEvent {
    const Event* spec = nullptr;
    Stamp due;
  };
  struct Deferred {
    Stamp due;
    const Action* action = nullptr;
    FieldInputs inputs;
  };

  void power_on(Stamp now);
  void reboot(Stamp now);
  void advance(Stamp now);
  void plan();
  void run_stream(LiveStream& stream, Stamp now);
  void schedule(LiveStream& stream);
  void store(LiveStream& stream);
  void send_stored(Stamp now);
  void emit(Stamp start, std::string_view message, const FieldInputs& inputs, bool answer);
  void transmit(Stamp start, std::string_view message, bool answer, ByteView octets);
  void transmit_events(Stamp start, std::string_view message, bool answer, ByteView frame);
  void run_gatt(Stamp now);
  void end_link(Stamp now, std::string_view how);
  void set_clock(ByteView octets, Stamp now);
  void close_port(Stamp now);
  bool deaf(Stamp now) const;
  void malformed(Stamp now);
  bool speeds_differ() const;
  Bytes garble(ByteView octets);

  // engine_input.cpp
  void take_message(const Message& message, Stamp now, Stamp heard);
  void take_frame(ByteView frame, Stamp now, Stamp heard);  // Modbus
  void take_line(std::string_view line, Stamp now, Stamp heard);
  void take_written(const RegisterSpec& reg, const FieldInput& value, Stamp now);
  void trigger(Trigger::Kind kind, Stamp now);
  bool fits(const Trigger& trigger, const Message& message) const;
  void act(const std::vector<Action>& actions, const Message* message, const FieldInput* written,
           Stamp now, Stamp heard);
  void carry_out(const Action& action, const FieldInputs& inputs, Stamp now);
  FieldInputs resolve(const Action& action, const Message* message, const FieldInput* written,
                      Stamp now);

  std::shared_ptr<const VirtualDevice> device_;
  std::uint64_t seed_;
  Duration least_pause_;
  Values values_;
  Transmitter transmitter_;
  Receiver receiver_;
  std::optional<ModbusServer> modbus_;
  std::unique_ptr<GattDevice> gatt_;
  std::vector<LiveStream> streams_;
  std::vector<LiveEvent> events_;
  std::vector<Deferred> deferred_;
  std::deque<std::pair<std::string_view, Bytes>> stored_;

  Stamp powered_, listens_from_, quiet_until_, next_, latest_;
  std::optional<Stamp> unplug_at_, ended_at_;  // ended: the link, and nobody was told yet
  std::string ended_how_;
  Stamp drop_at_ = never;
  bool connected_ = false, hung_ = false, unplugged_ = false, told_lost_ = false;
  int peer_baud_ = 0;
  std::uint64_t connections_ = 0, received_octets_ = 0, stored_count_ = 0, garbled_ = 0;
  Json closings_ = Json::array();
  std::optional<Error> trouble_;
};

}  // namespace carebench::sim
