#pragma once

#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/detail/task_core.hpp"

namespace taskvisor::detail {

/// Awaits a delay and says why the wait ended.
class try_sleep_leaf : public leaf {
public:
  explicit try_sleep_leaf(duration delay) noexcept : delay_(delay) {}
  try_sleep_leaf(try_sleep_leaf&&) noexcept = default;
  ~try_sleep_leaf() override {
    if (waiting())
      core().disarm(key());
  }

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    if (!enlist(frame))
      return false;
    core().arm(delay_, token());
    return true;
  }

  stop_reason await_resume() const noexcept {
    return interrupted() ? core().stopping() : stop_reason::none;
  }

private:
  void on_withdrawn() noexcept override { core().disarm(key()); }

  duration delay_;
};

/// Awaits a delay; a stop throws.
class sleep_leaf final : public try_sleep_leaf {
public:
  using try_sleep_leaf::try_sleep_leaf;

  void await_resume() const { check_interrupted(); }

private:
  bool throws_on_stop() const noexcept override { return true; }
};

/// Awaits the request to stop.
class stop_leaf final : public leaf {
public:
  stop_leaf() noexcept = default;
  stop_leaf(stop_leaf&&) noexcept = default;
  ~stop_leaf() override = default;

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    return enlist(frame);
  }

  stop_reason await_resume() const noexcept { return core().stopping(); }
};

} // namespace taskvisor::detail
