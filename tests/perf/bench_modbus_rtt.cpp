// Modbus RTU round trip over a pty: request written to answer read, for a bare write-poll-read
// loop, for libmodbus, and for carebench (recorder, reader thread and Modbus client included). One
// server answers all three.
#include <fcntl.h>
#include <modbus.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "probes/bench.h"
#include "probes/clock.h"
#include "probes/live_lane.h"
#include "profiles/context.h"
#include "tests/support/pty.h"

using namespace carebench;

namespace {

constexpr int rounds = 600;
// What carebench keeps quiet before a request; the others pause as long, so that all three meet a
// processor that has slept equally.
constexpr useconds_t pause_us = 7000;

double median_us(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

// Answers every 8-octet request with ten registers; the answer is made once.
void serve(const Pty& pty, std::stop_token stop) {
  Bytes answer{1, 3, 20};
  for (int i = 0; i < 20; ++i) answer.push_back(static_cast<std::uint8_t>(i));
  std::uint16_t crc = 0xFFFF;
  for (const auto octet : answer) {
    crc = static_cast<std::uint16_t>(crc ^ octet);
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>(crc & 1 ? (crc >> 1) ^ 0xA001 : crc >> 1);
  }
  answer.push_back(static_cast<std::uint8_t>(crc));
  answer.push_back(static_cast<std::uint8_t>(crc >> 8));
  std::size_t have = 0;
  while (!stop.stop_requested()) {
    pollfd fd{pty.master(), POLLIN, 0};
    if (::poll(&fd, 1, 100) <= 0) continue;
    std::uint8_t buffer[256];
    const ssize_t n = ::read(pty.master(), buffer, sizeof buffer);
    if (n > 0) have += static_cast<std::size_t>(n);
    for (; have >= 8; have -= 8) pty.send(answer);
  }
}

double raw(const Pty& pty) {
  RealClock clock;
  const int fd = ::open(pty.path().c_str(), O_RDWR | O_NOCTTY);
  const std::uint8_t request[8] = {1, 3, 0, 0, 0, 10, 0xC5, 0xCD};
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const Stamp sent = clock.now();
    if (::write(fd, request, 8) != 8) std::abort();
    Stamp received;
    for (ssize_t have = 0; have < 25;) {
      pollfd ready{fd, POLLIN, 0};
      (void)::poll(&ready, 1, 1000);
      received = clock.now();
      std::uint8_t buffer[64];
      const ssize_t n = ::read(fd, buffer, sizeof buffer);
      if (n <= 0) std::abort();
      have += n;
    }
    times.push_back((received - sent).seconds() * 1e6);
    usleep(pause_us);
  }
  ::close(fd);
  return median_us(times);
}

double peer(const Pty& pty) {
  RealClock clock;
  modbus_t* client = modbus_new_rtu(pty.path().c_str(), 115200, 'N', 8, 1);
  modbus_set_slave(client, 1);
  if (modbus_connect(client) != 0) std::abort();
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    std::uint16_t registers[10];
    const Stamp sent = clock.now();
    if (modbus_read_registers(client, 0, 10, registers) != 10) std::abort();
    times.push_back((clock.now() - sent).seconds() * 1e6);
    usleep(pause_us);
  }
  modbus_close(client);
  modbus_free(client);
  return median_us(times);
}

double ours(const Pty& pty) {
  std::string folder = (std::filesystem::temp_directory_path() / "rtt-XXXXXX").string();
  if (!mkdtemp(folder.data())) std::abort();
  std::vector<double> times;
  {
    const std::string address = "modbus:" + pty.path() + "?unit=1&baud=115200&mode=8N1";
    RealClock clock;
    auto recorder = Recorder::open(folder + "/e.pcapng", {{"all"}, {{"dut", address}}}, 0, nullptr);
    Bench bench(**recorder, clock, nullptr);
    if (!bench.open(0, *Address::parse(address))) std::abort();
    auto lane = bench.lane(0, {});
    const BoundDevice device{"dut", false, 0, nullptr, {}, {}};
    Port port(*lane, device, never);
    auto client = port.modbus();
    if (!client) std::abort();
    for (int i = 0; i < rounds; ++i) {
      auto answer = (*client)->read_holding_registers(0, 10, seconds(1));
      if (!answer || answer->kind != ModbusAnswer::Kind::response) std::abort();
      times.push_back((answer->received - answer->sent).seconds() * 1e6);
    }
  }
  std::filesystem::remove_all(folder);
  return median_us(times);
}

}  // namespace

int main() {
  Pty pty;
  std::jthread server([&pty](std::stop_token stop) { serve(pty, stop); });
  const double bare = raw(pty), libmodbus = peer(pty), carebench = ours(pty), again = raw(pty);
  const double echo = std::min(bare, again);
  std::printf(
      "Modbus RTU request-write to answer-read, p50|<= 1.25x raw echo, <= libmodbus|"
      "%.1f us = %.2fx raw echo (%.1f us), %.2fx libmodbus (%.1f us)\n",
      carebench, carebench / echo, echo, carebench / libmodbus, libmodbus);
}
