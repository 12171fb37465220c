// An observation as a Generic Health Sensor 1840 sends it (GHSS 1.0, ACOM): a header of announced
// fields, then a value of one of nine classes; compounds have components and bundles have
// observations. Numbers are coded as in IEEE 11073-10101 (MDC): partition * 65536 + term.
#pragma once

#include <optional>
#include <string_view>

#include "probes/gatt/elapsed_time.h"
#include "standards/vocab/json.h"

namespace carebench {

enum class ObservationClass : std::uint8_t {
  numeric = 1,
  simple_discrete = 2,
  string = 3,
  sample_array = 4,
  compound_discrete_event = 5,
  compound_state_event = 6,
  compound = 7,
  tlv = 8,
  bundle = 0xFF
};

// One observation, or one component of a compound (then only type and value are there). Views point
// into the octets that were walked along. Lists of codes are 4 octets each.
struct ObservationNode {
  ObservationClass kind = ObservationClass::numeric;
  bool component = false;
  std::uint16_t length = 0;  // as sent: octets that follow the length
  std::size_t octets = 0;    // that really follow it, as the fields announce them; on leave() only

  std::optional<std::uint32_t> type;
  std::optional<ElapsedTime> time;
  std::optional<std::uint32_t> duration;  // FLOAT, seconds
  std::optional<std::uint16_t> status;
  std::optional<std::uint32_t> id;
  std::optional<std::uint8_t> patient;
  std::optional<ByteView> supplemental, derived_from, members;
  std::optional<ByteView> tlvs;  // type, length and value elements, their count in front
  bool reserved = false;         // flags announce more, and the length says that nothing is there

  std::uint16_t unit = 0;    // numeric, sample array
  std::uint32_t number = 0;  // numeric: FLOAT
  std::uint32_t code = 0;    // simple discrete
  ByteView text;
  ByteView elements;                           // TLV, as in the header
  ByteView codes;                              // compound discrete event
  ByteView supported, state_or_event, states;  // compound state or event: masks of one size
  // Sample array: scale, offset and period (seconds) are FLOATs.
  std::uint32_t scale = 0, offset = 0, period = 0, samples = 0;
  unsigned samples_per_period = 0, octets_per_sample = 0;
  ByteView data;
};

// Who is told what stands in an observation, in the order of its octets.
class ObservationVisitor {
 public:
  virtual ~ObservationVisitor() = default;
  virtual void enter(const ObservationNode& node) = 0;  // before its components or observations
  virtual void leave(const ObservationNode& node) = 0;  // after them
  virtual void find(const ValueFinding& finding) = 0;
};

// Walks along one observation. "", or why the octets are refused; what was told is void then.
std::string_view walk_observation(ByteView octets, ObservationVisitor& visitor);

// The whole of it as JSON, with "findings".
Result<Json> observation_json(ByteView octets);

// What a unit or type of MDC is called: "mm[Hg]", "systolic"; "" for those that are not known here.
std::string_view mdc_unit(std::uint16_t unit);
std::string_view mdc_type(std::uint32_t type);

// Names of the bits of a measurement status; "" = reserved.
extern const std::string_view observation_statuses[16];

namespace findings {
extern const ValueFinding length_mismatch;
}

}  // namespace carebench
