// A Modbus server that misbehaves in one way, on a pty (RTU) or a TCP socket, in a thread of its
// own. It answers FC 3 only: the first register asked for holds its own address ^ 0xA5A5, the
// others count up from there, so that an answer to another request shows itself by its value.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "probes/modbus/client.h"
#include "tests/support/pty.h"

namespace carebench {

enum class ModbusFault {
  none,
  late,               // after the client's time-out, before twice that
  late_now_and_then,  // every third
  late_and_twice,     // late, and repeated at once
  duplicated,         // twice, in one write
  duplicated_apart,   // twice, in two writes, 1 ms apart
  shortened,          // the last three octets missing
  rest_late,          // the last three octets after the time-out
  dripped,            // octet by octet, 5 ms apart
  wrong_unit,
  wrong_unit_first,  // somebody else's answer, then the right one
  wrong_function,
  wrong_count,    // one register more than asked for
  bad_crc,        // a bit of the CRC; TCP: the length field is one too large
  flipped_value,  // a bit of the value under the old CRC; TCP: protocol id is 1
  exception,      // illegal data address
  silence,
  garbage_first,   // seven octets of noise, then the answer
  glitch_first,    // one 0x00, then the answer; TCP: the old transaction first
  previous_first,  // the previous answer again, then the right one, in one write
};
inline constexpr int modbus_fault_count = static_cast<int>(ModbusFault::previous_first) + 1;
std::string_view to_string(ModbusFault fault);

class ModbusFaultServer {
 public:
  // `timeout_ms`: the client's; `late` means half as much again.
  ModbusFaultServer(ModbusFraming framing, ModbusFault fault, std::uint8_t unit, int timeout_ms);
  ~ModbusFaultServer();

  // What to open: "modbus:/dev/pts/7?unit=1&baud=115200", "modbus:tcp://127.0.0.1:40123?unit=1"
  std::string address() const;

 private:
  void serve();
  void answer(ByteView request);
  Bytes right_answer(ByteView request, std::uint8_t unit, std::uint8_t function, int extra) const;
  void send(ByteView octets) const;
  bool tcp() const { return framing_ == ModbusFraming::tcp; }

  const ModbusFraming framing_;
  const ModbusFault fault_;
  const std::uint8_t unit_;
  const int late_ms_;
  std::unique_ptr<Pty> pty_;
  int listener_ = -1;
  int fd_ = -1;
  int port_ = 0;
  int served_ = 0;
  Bytes previous_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace carebench
