// The GATT side of a virtual device as its file describes it (devices/README.md): attributes, what
// they need, what is advertised, how it pairs, the records that it stores. Pure data;
// gatt_device.h makes it live.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/gatt/uuid.h"
#include "probes/protocol.h"
#include "probes/sim/operand.h"
#include "standards/vocab/time.h"

namespace carebench::sim {

// A message of a protocol, its fields filled in from values.
struct GattMessage {
  std::shared_ptr<const Protocol> protocol;
  std::string id;
  Operands fields;
};

// What an attribute reads as, or what is advertised.
struct GattContent {
  enum class Kind {
    written,  // what was written to it last; nothing at first
    octets,
    text,     // may hold {serial} …
    message,  // the value of one
  } kind = Kind::written;
  Bytes octets;
  std::string text;
  GattMessage message;
};

// Security that the link must have (Core 5.3, Vol 3, Part C, 10.2.1): level 1, 2, 3.
enum class GattNeed : std::uint8_t { none, encrypt, authenticate };

struct GattAttribute {
  Uuid service, uuid;
  unsigned properties = 0;                                 // gatt_flag
  GattNeed read = GattNeed::none, write = GattNeed::none;  // reading includes subscribing
  GattContent content;
  std::size_t least = 0, most = 512;  // octets that it takes
  std::vector<std::pair<Uuid, GattContent>> descriptors;
  std::string path() const { return service.text() + "/" + uuid.text(); }
};

struct GattAddress {
  enum class Kind : std::uint8_t { public_device, random_static, resolvable };
  Kind kind = Kind::random_static;
  std::string text = "C0:00:5E:00:53:{sample:2}";  // the two highest bits follow from the kind
  Duration rotation = seconds(900);                // resolvable: another one so often
};

struct GattAdvertising {
  std::string name;
  Duration interval = milliseconds(250);
  std::vector<Uuid> uuids;
  std::vector<std::pair<Uuid, GattContent>> service_data, manufacturer_data;
};

struct GattPairing {
  std::string capability = "NoInputNoOutput";  // as BlueZ names them
  std::string passkey = "123456";              // what it shows, or expects
  bool just_works = true;                      // takes pairing that nobody confirms
  int key_size = 16;                           // octets, the most it agrees to
  bool secure_connections = true;
  bool bonding = true;
  bool asks = false;  // sends a Security Request as soon as it is connected
  // Pairing anew by a peer whose bond it still holds.
  enum class Rebond : std::uint8_t { authenticated, always, never };
  Rebond rebond = Rebond::authenticated;
};

// Records behind a Record Access Control Point (2A52).
struct GattRecords {
  Uuid service;                    // of the control point
  std::vector<GattMessage> sends;  // a record: one message or more
  std::string sequence;            // their field that numbers the records, ""
  int at_start = 0, most = 1000;
  Duration every, gap = milliseconds(20);  // a new one so often; between two that are sent
};

struct GattSpec {
  int mtu = 185;
  double rssi = -60;  // dBm
  int least_key = 7;  // octets: a shorter key is refused where security is needed
  GattAddress address;
  GattAdvertising advertising;
  GattPairing pairing;
  std::vector<Uuid> services;  // in the order of the file
  std::vector<GattAttribute> characteristics;
  std::vector<GattRecords> records;

  const GattAttribute* characteristic(const Uuid& service, const Uuid& uuid) const;
};

// What a fault changes: parts as they are then.
struct GattPatch {
  std::optional<int> mtu, least_key;
  std::optional<double> rssi;
  std::optional<GattAddress> address;
  std::optional<GattAdvertising> advertising;
  std::optional<GattPairing> pairing;
  std::vector<Uuid> services;  // that come to the device's
  std::vector<GattAttribute> characteristics;
  std::vector<GattRecords> records;
};
void apply(GattSpec& spec, const GattPatch& patch);
// A firmware update service of a well-known maker, open to anybody.
void add_update_service(GattSpec& spec);
// Takes "180D/2A37", or "180D" as a whole, out; false: there is none.
bool omit(GattSpec& spec, std::string_view path);

// How faults make any GATT device behave; the defaults are a sound one.
struct GattBehaviour {
  bool open_reads = false, open_writes = false;  // without the security that it needs
  bool hangs_up = false;               // ends the link where it should refuse for want of security
  bool swaps_methods = false;          // notifies what it should indicate, and the reverse
  bool uncalled = false;               // sends though nobody subscribed
  bool any_length = false;             // takes values of any length
  bool forgets_bonds = false;          // when the link ends
  bool tells_identity = false;         // its identifier in manufacturer data
  bool update_service = false;         // a firmware update service, open to anybody
  bool no_configuration = false;       // no 2902 anywhere
  bool ignores_configuration = false;  // takes what is written to a 2902 and sends nothing
  bool never_stops = false;            // sends on when it was told to stop
  bool any_operation = false;          // its record access control point takes any of them
  bool keeps_time = false;             // takes a time that is written and goes on as before
  double drops_per_hour = 0;           // ends the link
  int records_off = 0;                 // added to the number of records it announces
  bool operator==(const GattBehaviour&) const = default;
};

}  // namespace carebench::sim
