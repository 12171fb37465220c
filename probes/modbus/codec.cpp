#include "probes/modbus/codec.h"

#include <modbus.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "probes/modbus/framing.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::uint32_t no_wait_us = 1000;  // never waited for: the answer is there beforehand

void append_crc(Bytes& adu) {
  const std::uint16_t crc = modbus_crc(adu);
  adu.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  adu.push_back(static_cast<std::uint8_t>(crc >> 8));
}

void put_transaction(Bytes& adu, std::uint16_t transaction) {
  adu[0] = static_cast<std::uint8_t>(transaction >> 8);
  adu[1] = static_cast<std::uint8_t>(transaction & 0xFF);
}

}  // namespace

struct ModbusCodec::Impl {
  ModbusFraming framing;
  std::uint8_t unit;
  modbus_t* context = nullptr;
  int inner = -1;  // libmodbus
  int outer = -1;  // we
  std::uint16_t last_transaction = 0;

  ~Impl() {
    if (context != nullptr) modbus_free(context);
    if (inner >= 0) ::close(inner);
    if (outer >= 0) ::close(outer);
  }

  bool tcp() const { return framing == ModbusFraming::tcp; }

  Result<void> feed(Bytes answer) {
    // libmodbus counts its transactions itself and will expect the one after its last.
    if (tcp()) put_transaction(answer, static_cast<std::uint16_t>(last_transaction + 1));
    if (::send(outer, answer.data(), answer.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(answer.size())) {
      return fail(Errc::internal, Blame::tool, "the modbus codec's socket takes no octets");
    }
    return {};
  }

  Result<Bytes> take() {
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH + 1> octets;
    const ssize_t n = ::recv(outer, octets.data(), octets.size(), MSG_DONTWAIT);
    if (n <= 0) {
      return fail(Errc::bad_input, Blame::profile, "libmodbus does not encode this request");
    }
    Bytes request(octets.begin(), octets.begin() + n);
    if (tcp()) last_transaction = static_cast<std::uint16_t>(request[0] << 8 | request[1]);
    return request;
  }

  void drain() const {
    std::array<std::uint8_t, 512> octets;
    while (::recv(inner, octets.data(), octets.size(), MSG_DONTWAIT) > 0) {
    }
  }

  // The call of libmodbus's own function: writes the request, then reads what feed() left.
  // Returns its return value; errno is libmodbus's when that is -1.
  int call(const ModbusRequest& request, Decoded& decoded) {
    const int address = request.address;
    switch (request.function) {
      case 1:
      case 2: {
        std::array<std::uint8_t, MODBUS_MAX_READ_BITS> bits{};
        const int n = request.function == 1
                          ? modbus_read_bits(context, address, request.count, bits.data())
                          : modbus_read_input_bits(context, address, request.count, bits.data());
        if (n > 0) decoded.bits.assign(bits.begin(), bits.begin() + n);
        return n;
      }
      case 3:
      case 4: {
        std::array<std::uint16_t, MODBUS_MAX_READ_REGISTERS> registers{};
        const int n =
            request.function == 3
                ? modbus_read_registers(context, address, request.count, registers.data())
                : modbus_read_input_registers(context, address, request.count, registers.data());
        if (n > 0) decoded.registers.assign(registers.begin(), registers.begin() + n);
        return n;
      }
      case 5:
        return modbus_write_bit(context, address, request.bits[0] ? 1 : 0);
      case 6:
        return modbus_write_register(context, address, request.registers[0]);
      case 15: {
        const std::vector<std::uint8_t> bits(request.bits.begin(), request.bits.end());
        return modbus_write_bits(context, address, static_cast<int>(bits.size()), bits.data());
      }
      case 16:
        return modbus_write_registers(context, address, static_cast<int>(request.registers.size()),
                                      request.registers.data());
      default:
        errno = EINVAL;
        return -1;
    }
  }
};

ModbusCodec::ModbusCodec() = default;
ModbusCodec::~ModbusCodec() = default;
ModbusCodec::ModbusCodec(ModbusCodec&&) noexcept = default;
ModbusCodec& ModbusCodec::operator=(ModbusCodec&&) noexcept = default;

Result<void> ModbusCodec::open(ModbusFraming framing, std::uint8_t unit) {
  auto impl = std::make_unique<Impl>();
  impl->framing = framing;
  impl->unit = unit;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(Errc::io, Blame::bench,
                cat("no socketpair for the modbus codec: ", printable(modbus_strerror(errno)),
                    "; close other programs or raise the limit of open files"));
  }
  impl->inner = ends[0];
  impl->outer = ends[1];
  if (impl->inner >= FD_SETSIZE) {  // libmodbus uses select()
    return fail(Errc::io, Blame::bench,
                "too many open files for libmodbus: run fewer devices at once");
  }
  impl->context = impl->tcp() ? modbus_new_tcp("127.0.0.1", 502)
                              : modbus_new_rtu("/dev/null", 19200, 'E', 8, 1);
  if (impl->context == nullptr) {
    return fail(Errc::internal, Blame::tool, "libmodbus has no memory for a context");
  }
  if (modbus_set_slave(impl->context, unit) != 0) {
    return fail(Errc::bad_input, Blame::profile,
                cat("unit ", static_cast<int>(unit), " is reserved: take 1 to 247",
                    impl->tcp() ? ", or 255 over tcp" : ""));
  }
  modbus_set_socket(impl->context, impl->inner);
  modbus_set_response_timeout(impl->context, 0, no_wait_us);
  modbus_set_byte_timeout(impl->context, 0, no_wait_us);
  impl_ = std::move(impl);
  return {};
}

Result<Bytes> ModbusCodec::encode(const ModbusRequest& request, std::uint16_t transaction) {
  if (!impl_) return fail(Errc::internal, Blame::tool, "the modbus codec is not open");
  // libmodbus waits for an answer once it has written: an exception that lies ready saves the wait.
  Bytes ready;
  if (impl_->tcp()) ready = {0, 0, 0, 0, 0, 3};
  ready.insert(ready.end(), {impl_->unit, static_cast<std::uint8_t>(request.function | 0x80), 1});
  if (!impl_->tcp()) append_crc(ready);
  if (auto fed = impl_->feed(std::move(ready)); !fed) return tl::unexpected(fed.error());
  Decoded ignored;
  impl_->call(request, ignored);
  impl_->drain();
  auto octets = impl_->take();
  if (octets && impl_->tcp()) put_transaction(*octets, transaction);
  return octets;
}

Result<Bytes> ModbusCodec::encode_pdu(ByteView pdu, std::uint16_t transaction) {
  if (!impl_) return fail(Errc::internal, Blame::tool, "the modbus codec is not open");
  Bytes raw{impl_->unit};
  raw.insert(raw.end(), pdu.begin(), pdu.end());
  if (modbus_send_raw_request(impl_->context, raw.data(), static_cast<int>(raw.size())) < 0) {
    return fail(Errc::bad_input, Blame::profile,
                cat("a modbus pdu has 1 to 253 octets, this one has ", pdu.size()));
  }
  const std::uint16_t counted = impl_->last_transaction;
  auto octets = impl_->take();
  impl_->last_transaction = counted;  // libmodbus sends raw requests as transaction 0, uncounted
  if (octets && impl_->tcp()) put_transaction(*octets, transaction);
  return octets;
}

Result<ModbusCodec::Decoded> ModbusCodec::decode(const ModbusRequest& request, ByteView answer) {
  if (!impl_) return fail(Errc::internal, Blame::tool, "the modbus codec is not open");
  if (auto fed = impl_->feed(Bytes(answer.begin(), answer.end())); !fed) {
    return tl::unexpected(fed.error());
  }
  Decoded decoded;
  const int n = impl_->call(request, decoded);
  const int why = errno;
  impl_->drain();
  if (auto again = impl_->take(); !again) return tl::unexpected(again.error());
  if (n >= 0) return decoded;
  if (why >= EMBXILFUN && why <= EMBXGTAR) {
    decoded.exception = why - MODBUS_ENOBASE;
  } else {
    decoded.refused = lower(printable(modbus_strerror(why)));
  }
  return decoded;
}

}  // namespace carebench
