// One value of a GATT attribute, behind the header that names the attribute.
#include "probes/gatt/characteristic.h"
#include "probes/gatt/event.h"
#include "probes/protocol_encode.h"
#include "standards/vocab/text.h"

namespace carebench::protocol_encode {
namespace {

constexpr std::size_t longest_value = 512;

EventKind kind_of(GattMethod method) {
  switch (method) {
    case GattMethod::notify:
      return EventKind::notification;
    case GattMethod::indicate:
      return EventKind::indication;
    case GattMethod::service_data:
      return EventKind::service_data;
    case GattMethod::manufacturer_data:
      return EventKind::manufacturer_data;
    case GattMethod::read:
    case GattMethod::write:
      break;
  }
  return EventKind::value;
}

Result<Bytes> octets_of(const MessageSpec& message, const FieldInputs& inputs) {
  const auto* text = std::get_if<std::string>(&inputs.find("octets")->second);
  auto octets = text ? from_hex(*text) : std::nullopt;
  if (!octets) return refuse("octets are written as hexadecimal digits in quotes, \"06 48\"");
  if (inputs.size() > 1)
    return refuse(cat("octets are all of ", message.id, ": no other field goes with them"));
  return std::move(*octets);
}

// What is laid out here must be what the decoder of the characteristic understands.
Result<void> check_decoder(const MessageSpec& message, ByteView value) {
  const GattBinding& binding = *message.gatt;
  if (!binding.adopted) return {};
  GattOptions options;
  options.direction = message.direction;
  options.nordic_cgm_order = binding.nordic_order;
  Reading reading;
  if (read_value(*binding.adopted, value, reading, options)) return {};
  return refuse(cat("these values make a ", message.id, " that is ", reading.refusal()));
}

}  // namespace

Result<Bytes> gatt(const MessageSpec& message, const FieldInputs& inputs) {
  const bool as_it_stands = (inputs.contains("octets") && !message.laid_out().field("octets")) ||
                            (message.gatt->adopted && !message.sent);
  if (as_it_stands && !inputs.contains("octets"))
    return refuse(cat("the message \"", message.id, "\" takes its \"octets\" only"));
  auto value =
      as_it_stands ? octets_of(message, inputs) : data(message.laid_out(), std::nullopt, inputs);
  if (!value) return value;
  if (value->size() > longest_value)
    return refuse(cat("these values take ", value->size(), " octets, and an attribute holds ",
                      longest_value));
  if (!as_it_stands)
    if (auto sound = check_decoder(message, *value); !sound)
      return tl::unexpected<Error>(sound.error());
  GattEvent event;
  event.kind = kind_of(message.gatt->method);
  event.source = EventSource::simulated;
  event.uuid = message.gatt->attribute.characteristic;
  event.value = *value;
  Bytes frame;
  frame.reserve(GattEvent::header + value->size());
  event.append_to(frame);
  return frame;
}

}  // namespace carebench::protocol_encode
