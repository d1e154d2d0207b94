/// For programs with modules/supervisor/src on their include path.
#pragma once

#include "runtime.hpp"

#include "taskvisor/supervisor/detail/task_core.hpp"

#include <cstdint>
#include <utility>

namespace taskvisor::test {

/// What a body sees of its own actor and supervisor.
struct inside {
  task_actor self;
  /// The newest key that the actor has given to a wait.
  std::uint64_t key = 0;
  registry_actor registry;
  timers_actor timers;
  supervisor_actor supervisor;
};

/// `co_await look_inside{to}` writes to `to` and does not suspend.
class look_inside final : public detail::leaf {
public:
  explicit look_inside(inside& to) noexcept : to_(to) {}
  look_inside(look_inside&&) noexcept = default;
  ~look_inside() override = default;

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    if (!enlist(frame))
      return false;
    auto& env = core().env();
    to_ = {core().handle(), key(), env.registry, env.timers, env.supervisor};
    return false;
  }

  void await_resume() const noexcept {}

private:
  inside& to_;
};

} // namespace taskvisor::test
