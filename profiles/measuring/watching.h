// Hears several devices side by side: messages as they come, registers asked for in turn. What was
// heard is handed over as it comes; a register's answer may be handed over before a message that
// came while it was awaited, so who needs the order of time goes by the stamps. A lost link and a
// gap of the bench are errors.
#pragma once

#include <functional>
#include <vector>

#include "profiles/measuring/listening.h"
#include "profiles/measuring/registers.h"

namespace carebench {

class Watching {
 public:
  struct Heard {
    Port* port = nullptr;
    const Message* message = nullptr;   // this,
    const RegisterSpec* reg = nullptr;  // or this with its value
    FieldValue value;
    Stamp stamp;
    std::uint64_t first_seq = 0, last_seq = 0;
  };
  using Take = std::function<void(const Heard&)>;

  Watching(Context& context, Duration poll, Duration timeout)
      : context_(context), poll_(poll), timeout_(timeout) {}
  // Its messages, where its protocol has messages; of one with registers, those that are named.
  // Adding a device twice is adding it once.
  void add(Port& port, const RegisterSpec* reg = nullptr);
  // Until the clock stands at `end`; what comes in the packet that ends it is handed over, too.
  Result<void> until(Stamp end, const Take& take, Progress* progress = nullptr);

 private:
  struct Asked {
    Port* port;
    const RegisterSpec* reg;
  };
  Result<void> ask(const Asked& one, const Take& take);
  Result<void> hear(Stamp until, const Take& take);

  Context& context_;
  Duration poll_, timeout_;
  std::vector<Asked> asked_;
  std::vector<Port*> ports_;  // with messages
  std::vector<std::unique_ptr<MessageStream>> streams_;
};

}  // namespace carebench
