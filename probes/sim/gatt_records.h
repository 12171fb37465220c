// The stored records of a virtual device and its Record Access Control Point (Glucose Service
// 1.0.1, 3.4): report, count, delete and abort, by all, first, last and sequence number.
#pragma once

#include <functional>
#include <vector>

#include "probes/sim/device.h"

namespace carebench::sim {

class GattRecordStore {
 public:
  // `encode` makes the frames of one record: its number, and when it was taken.
  using Encode = std::function<std::vector<Bytes>(const GattRecords&, std::uint16_t, Stamp)>;
  GattRecordStore(const GattRecords& spec, const Behaviour& behaviour, Encode encode)
      : spec_(spec), behaviour_(behaviour), encode_(std::move(encode)) {}

  const Uuid& service() const { return spec_.service; }
  void power_on(Stamp now);
  void link_up(bool again) { after_loss_ = again; }
  void link_down();

  // A request as it was written; an ATT error, 0: taken. Answers come out of next().
  std::uint8_t request(ByteView octets, bool indicates, Stamp now);

  // Something becomes due: a record is taken, or leaves; or the procedure's answer.
  Stamp next_due() const;
  struct Due {
    enum class Kind { nothing, record, answer } kind = Kind::nothing;
    std::vector<Bytes> frames;  // record: whole frames
    Bytes answer;               // what the control point indicates
  };
  Due take_due(Stamp now);

 private:
  struct Record {
    std::uint16_t number = 0;
    Stamp taken;
  };
  using Chosen = std::vector<std::size_t>;  // indexes, in order

  void keep(Stamp when);
  // What the operator and operand name; a response code other than success: they name nothing.
  std::uint8_t choose(ByteView octets, Chosen& chosen) const;
  void report(const Chosen& chosen, Stamp now);
  void respond(std::uint8_t operation, std::uint8_t code, Stamp when);

  const GattRecords& spec_;
  const Behaviour& behaviour_;
  Encode encode_;
  std::vector<Record> records_;
  std::uint16_t next_number_ = 0;
  Stamp next_record_ = never;
  bool after_loss_ = false;
  // The procedure that runs: records that are still to be sent, and how it ends.
  std::vector<Record> leaving_;
  std::size_t left_ = 0;
  Bytes answer_;
  Stamp due_ = never;
};

}  // namespace carebench::sim
