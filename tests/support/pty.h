// A pseudo-terminal pair: the tests hold the master and are the device; the product opens `path`.
#pragma once

#include <string>

#include "standards/vocab/bytes.h"

namespace carebench {

class Pty {
 public:
  Pty();  // raw; the slave is kept open too, so that nothing is lost before somebody opens it
  ~Pty();
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  int master() const { return master_; }
  const std::string& path() const { return path_; }
  void send(ByteView octets) const;
  Bytes receive(std::size_t least, int timeout_ms) const;  // what came until `least` or time-out
  void hang_up();                                          // closes both sides

 private:
  int master_ = -1;
  int slave_ = -1;
  std::string path_;
};

}  // namespace carebench
