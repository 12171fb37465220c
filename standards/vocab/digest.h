// SHA-256 (FIPS 180-4), streaming. OpenSSL stands behind it.
#pragma once

#include <memory>
#include <string>

#include "standards/vocab/bytes.h"

namespace carebench {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(ByteView bytes);
  std::string hex() const;  // of all bytes so far; may go on updating afterwards

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(ByteView bytes);

}  // namespace carebench
