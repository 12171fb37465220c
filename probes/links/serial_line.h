// The line settings of a tty, through Linux's termios2 (any baud rate the driver can make, not only
// the named ones). Settings as text and as numbers, applied to a descriptor and read back. Knows no
// link and no octets.
//
// Octets arrive as they were on the wire: raw mode, no echo, no translation, CLOCAL (carrier is not
// waited for). INPCK, PARMRK and IGNPAR are all off, so that the kernel neither drops nor marks
// an octet with a wrong parity bit or stop bit: a broken octet is the device's and is passed on; a
// break comes in as 0x00. What the line errors cost shows in the checksums of the protocol.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probes/link_driver.h"
#include "standards/vocab/error.h"
#include "standards/vocab/json.h"

namespace carebench::links {

struct SerialMode {
  int data_bits = 8;     // 5..8
  char parity = 'N';     // N none, E even, O odd, M mark, S space
  double stop_bits = 1;  // 1, 2; 1.5 with 5 data bits only (what the UARTs can do)

  static std::optional<SerialMode> parse(std::string_view text);  // "8N1", "5E1.5"
  std::string text() const;
  double bits_per_character() const;  // start, data, parity and stop bits
  bool operator==(const SerialMode&) const = default;
};

enum class SerialFlow { none, rtscts, xonxoff };
std::string_view to_string(SerialFlow flow);

struct SerialSettings {
  int baud = 115200;  // 1..4,000,000 and more, as far as the driver goes
  SerialMode mode;
  SerialFlow flow = SerialFlow::none;
  bool dtr = true;
  bool rts = true;
  bool dtr_asked = false;  // the user named it: a driver that cannot is an error
  bool rts_asked = false;

  // From the options baud, mode, flow, dtr, rts; other options are not looked at. usage errors.
  static Result<SerialSettings> from(const Address& address, const SerialSettings& defaults);
};

// What the driver made of the settings.
struct SerialReadBack {
  int baud = 0;
  SerialMode mode;
};

// Raw mode and the settings; false with errno when the driver refuses. Read back afterwards: a
// driver may accept and do something else.
bool apply(int fd, const SerialSettings& settings);
std::optional<SerialReadBack> read_back(int fd);  // nothing: the descriptor is no tty

bool set_dtr(int fd, bool on);
bool set_rts(int fd, bool on);
bool set_break(int fd, bool on);
std::optional<int> unsent_octets(int fd);  // in the kernel's output buffer
bool drain(int fd);                        // waits until the transmitter is empty
void discard_output(int fd);
bool take_exclusive(int fd);  // TIOCEXCL: further opens fail, but root's
void give_up_exclusive(int fd);

}  // namespace carebench::links
