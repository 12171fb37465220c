// Writing to what must not be written: another value is sent by every request that could carry it,
// the item is read back, and put right again where it changed.
#pragma once

#include <string>
#include <vector>

#include "profiles/measuring/registers.h"

namespace carebench {

// What came of trying to write to one item.
struct WriteAttempt {
  bool tried = false;         // false: it could not be read, or changes by itself; `note` says it
  bool silent = false;        // not tried because nothing was answered at all
  bool acknowledged = false;  // a write was answered as done
  bool changed = false;       // the item held something else afterwards
  bool restored = true;       // what had changed was put right
  SeqRange evidence;
  std::string note;
};

// Another value for the register, as little different as its type, range and names allow: a device
// that refuses it does not do so because the value would be wrong.
Bytes other_value(const RegisterSpec& reg, ByteView octets);

// With FC 5 and 15 (coils), FC 6 and 16 (registers). Holding registers and coils only.
Result<WriteAttempt> try_to_write(Port& port, const RegisterSpec& reg, Duration timeout);

}  // namespace carebench
