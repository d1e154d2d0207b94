#pragma once

#include <array>
#include <csignal>

namespace taskvisor::detail {

inline constexpr std::array<int, 3> termination_signals{SIGINT, SIGTERM,
                                                        SIGQUIT};

inline sigset_t termination_set() noexcept {
  sigset_t result;
  sigemptyset(&result);
  for (auto number : termination_signals)
    sigaddset(&result, number);
  return result;
}

/// Blocks the termination signals on this thread, so that neither it nor
/// threads started meanwhile run their handlers; restores the mask.
class blocked_signals {
public:
  blocked_signals() noexcept {
    auto set = termination_set();
    pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;
  ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  sigset_t before_;
};

} // namespace taskvisor::detail
