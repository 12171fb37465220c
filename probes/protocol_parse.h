// The parts of the protocol reader. Each adds what is wrong to `problems`, with its position, and
// gives something usable nevertheless, so that one run names all mistakes of a file.
#pragma once

#include <vector>

#include "probes/protocol_spec.h"
#include "standards/vocab/yaml.h"

namespace carebench::protocol_parse {

void framing(const yaml::Node& node, Framing& framing, Problems& problems);
std::vector<MessageSpec> messages(const std::vector<yaml::Node>& nodes, const Framing& framing,
                                  Problems& problems);
std::vector<RegisterSpec> registers(const std::vector<yaml::Node>& nodes, Problems& problems);

// A name that can stand in a profile: letters, digits and '_'.
std::string name(yaml::MapReader& reader, std::string_view key, Problems& problems);
// Octets as hexadecimal text; empty after a problem.
Bytes octets(const yaml::Node& node, Problems& problems);
// {0: none, 0xFF: invalid}; codes and names once each, codes within [low, high].
std::vector<CodeName> codes(const yaml::Node& node, double low, double high, Problems& problems);
// The same code or name among special values and enumeration.
void codes_differ(const std::vector<CodeName>& special, const std::vector<CodeName>& values,
                  const yaml::Node& at, Problems& problems);
Scaling scaling(yaml::MapReader& reader, Problems& problems);

// One field of a message (or of a header, where only numbers may stand).
FieldSpec field(yaml::MapReader& reader, bool text, const std::vector<FieldSpec>& before,
                bool big_endian, Problems& problems);
// Which attribute a message is the value of; `direction` follows from its method.
void gatt_binding(yaml::MapReader& reader, MessageSpec& message, Problems& problems);
// The octets of a stream in a pair of characteristics; nothing after a problem.
std::optional<Framing::Pipe> pipe(const yaml::Node& node, Problems& problems);
// The fields as laid out become what encode() takes, those of the decoder take their place.
void adopt(MessageSpec& message);

// Where the fields of a message stand, and whether they fit beside each other.
void layout(MessageSpec& message, const Framing& framing, const yaml::Node& at,
            const std::vector<yaml::Node>& field_nodes, Problems& problems);
// Two messages of one weight that a frame could both be.
void distinct(const std::vector<MessageSpec>& messages, const std::vector<yaml::Node>& nodes,
              Problems& problems);

}  // namespace carebench::protocol_parse
