#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstring>

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
  auto* interrupt = static_cast<Interrupt*>(argument);
  const sigset_t set = signals();
  for (int number = 0; sigwait(&set, &number) == 0 && number != SIGUSR2;)
    if (!interrupt->stop()) _exit(exit_status::interrupted);
  return nullptr;
}

}  // namespace

bool Interrupt::stop() {
  if (source_.stop_requested()) return false;
  (void)!::write(STDERR_FILENO, what_now_, std::strlen(what_now_));
  return source_.request_stop();
}

Interrupt::Interrupt(const char* what_now) : what_now_(what_now) {
  const sigset_t set = signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  running_ = pthread_create(&thread_, nullptr, take_signals, this) == 0;
}

Interrupt::~Interrupt() {
  if (!running_) return;
  pthread_kill(thread_, SIGUSR2);
  pthread_join(thread_, nullptr);
}

}  // namespace carebench
