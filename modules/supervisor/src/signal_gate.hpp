#pragma once

#include "taskvisor/events/detail/blocked_signals.hpp"

#include <csignal>
#include <functional>
#include <memory>
#include <system_error>
#include <thread>

namespace taskvisor::detail {

/// Takes SIGINT, SIGTERM and SIGQUIT for as long as it lives: handlers write
/// the number to a pipe, one thread reads it and calls `arrived`. Handlers
/// work whatever the masks of the host's threads are. The dispositions from
/// before are restored. At most one lives in a process.
class signal_gate {
public:
  using callback = std::function<void(int)>;

  /// Fails with the operating system's error, or with `device_or_resource_busy`
  /// if another one lives; nothing was changed then.
  static std::unique_ptr<signal_gate> open(callback arrived,
                                           std::error_code& error);

  signal_gate(const signal_gate&) = delete;
  signal_gate& operator=(const signal_gate&) = delete;
  ~signal_gate();

private:
  signal_gate() = default;

  struct sigaction before_[3] = {};
  int read_end_ = -1;
  int write_end_ = -1;
  std::thread waiter_;
};

} // namespace taskvisor::detail
