#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "standards/vocab/error.h"

namespace carebench {
namespace {

sigset_t signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR2}) sigaddset(&set, number);
  return set;
}

// SIGUSR2 is ours: it ends the thread.
void* take_signals(void* argument) {
  auto* source = static_cast<std::stop_source*>(argument);
  const sigset_t set = signals();
  for (int number = 0; sigwait(&set, &number) == 0 && number != SIGUSR2;) {
    if (source->stop_requested()) _exit(exit_status::interrupted);
    constexpr char said[] = "\ncarebench: stopping; safe actions run first (again to end at once)\n";
    (void)!::write(STDERR_FILENO, said, sizeof said - 1);
    source->request_stop();
  }
  return nullptr;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  running_ = pthread_create(&thread_, nullptr, take_signals, &source_) == 0;
}

Interrupt::~Interrupt() {
  if (!running_) return;
  pthread_kill(thread_, SIGUSR2);
  pthread_join(thread_, nullptr);
}

}  // namespace carebench
