#include <cstring>

#include "probes/capture/pcapng.h"

namespace carebench::pcapng {
namespace {

constexpr std::uint16_t opt_end = 0, opt_if_name = 2, opt_if_description = 3, opt_flags = 2,
                        opt_packet_id = 5, opt_tsresol = 9, opt_application = 4;

template <class T>
void put(Bytes& out, T value) {
  const auto at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value,
              sizeof value);  // the evidence is little-endian, as is x86-64
}

void put_padded(Bytes& out, ByteView octets) {
  out.insert(out.end(), octets.begin(), octets.end());
  out.resize((out.size() + 3) & ~std::size_t{3});
}

void put_option(Bytes& out, std::uint16_t code, ByteView value) {
  put(out, code);
  put(out, static_cast<std::uint16_t>(value.size()));
  put_padded(out, value);
}

// Opens a block at the end of `out`; close() fills in both lengths.
class BlockScope {
 public:
  BlockScope(Bytes& out, std::uint32_t type) : out_(out), begin_(out.size()) {
    put(out_, type);
    put(out_, std::uint32_t{0});
  }
  ~BlockScope() {
    const auto length = static_cast<std::uint32_t>(out_.size() - begin_ + 4);
    put(out_, length);
    std::memcpy(out_.data() + begin_ + 4, &length, sizeof length);
  }
  BlockScope(const BlockScope&) = delete;
  BlockScope& operator=(const BlockScope&) = delete;

 private:
  Bytes& out_;
  std::size_t begin_;
};

}  // namespace

void append_section_header(Bytes& out, std::string_view application) {
  out.resize((out.size() + 3) & ~std::size_t{3});
  BlockScope block(out, 0x0A0D0D0A);
  put(out, std::uint32_t{0x1A2B3C4D});
  put(out, std::uint16_t{1});
  put(out, std::uint16_t{0});
  put(out, std::int64_t{-1});  // section length: not given
  put_option(out, opt_application, as_bytes(application));
  put_option(out, opt_end, {});
}

void append_interface(Bytes& out, LinkType type, std::string_view name,
                      std::string_view description) {
  BlockScope block(out, 1);
  put(out, static_cast<std::uint16_t>(type));
  put(out, std::uint16_t{0});
  put(out, std::uint32_t{0});  // no snap length
  put_option(out, opt_if_name, as_bytes(name));
  if (!description.empty()) put_option(out, opt_if_description, as_bytes(description));
  const std::uint8_t nanoseconds = 9;
  put_option(out, opt_tsresol, {&nanoseconds, 1});
  put_option(out, opt_end, {});
}

void append_packet(Bytes& out, std::uint32_t interface_id, std::int64_t unix_ns,
                   std::uint64_t packet_id, Direction direction, ByteView header, ByteView body) {
  BlockScope block(out, 6);
  put(out, interface_id);
  const auto ticks = static_cast<std::uint64_t>(unix_ns);
  put(out, static_cast<std::uint32_t>(ticks >> 32));
  put(out, static_cast<std::uint32_t>(ticks));
  const auto length = static_cast<std::uint32_t>(header.size() + body.size());
  put(out, length);
  put(out, length);
  out.insert(out.end(), header.begin(), header.end());
  put_padded(out, body);
  if (direction != Direction::unknown) {
    put(out, opt_flags);
    put(out, std::uint16_t{4});
    put(out, static_cast<std::uint32_t>(direction));
  }
  put(out, opt_packet_id);
  put(out, std::uint16_t{8});
  put(out, packet_id);
  put_option(out, opt_end, {});
}

void rtac_header(std::uint8_t (&out)[12], std::int64_t unix_ns, Direction direction) {
  const auto seconds = static_cast<std::uint32_t>(unix_ns / 1'000'000'000);
  const auto micros = static_cast<std::uint32_t>(unix_ns % 1'000'000'000 / 1000);
  for (int i = 0; i < 4; ++i) {
    out[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
    out[4 + i] = static_cast<std::uint8_t>(micros >> (24 - 8 * i));
  }
  out[8] = direction == Direction::outbound ? 1 : 2;  // DATA_TX_START, DATA_RX_START
  out[9] = out[10] = out[11] = 0;
}

Bytes upper_pdu_header(std::string_view dissector) {
  Bytes out;
  const auto be16 = [&](std::size_t v) {
    out.push_back(static_cast<std::uint8_t>(v >> 8));
    out.push_back(static_cast<std::uint8_t>(v));
  };
  const std::size_t padded = (dissector.size() + 3) & ~std::size_t{3};
  be16(12);  // EXP_PDU_TAG_DISSECTOR_NAME
  be16(padded);
  for (std::size_t i = 0; i < padded; ++i)
    out.push_back(i < dissector.size() ? static_cast<std::uint8_t>(dissector[i]) : 0);
  be16(0);
  be16(0);
  return out;
}

}  // namespace carebench::pcapng
