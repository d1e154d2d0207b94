#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/system_config.hpp"
#include "taskvisor/testing/detail/manual_scheduler.hpp"

#include <cstddef>

namespace taskvisor::testing {

/// An actor system whose actors run and whose clock moves only on request.
class manual_system {
public:
  manual_system() : start_(now()) {}
  manual_system(const manual_system&) = delete;
  manual_system& operator=(const manual_system&) = delete;
  ~manual_system() { run(); }

  caf::actor_system& actors() noexcept { return system_; }

  /// Runs queued actors until there are none; the number of runs.
  std::size_t run() {
    std::size_t count = 0;
    while (detail::run_one_job(system_))
      ++count;
    return count;
  }

  /// Runs everything, then moves time to the next deadline that is not after
  /// `limit` (time since the start) and fires it. False if there is none.
  bool step_to_deadline(duration limit) {
    run();
    auto next = detail::next_deadline(system_);
    if (!next || *next - start_ > limit)
      return false;
    detail::move_clock_to(system_, *next);
    return true;
  }

  /// Lets `d` pass; whatever is due on the way runs at its own time.
  void advance(duration d) {
    auto target = saturating_add(elapsed(), d);
    while (step_to_deadline(target)) {
      // The deadline's actors run before the next one is looked for.
    }
    detail::move_clock_to(system_, start_ + target);
    run();
  }

  duration elapsed() const { return now() - start_; }

private:
  struct config : system_config {
    config() { taskvisor::detail::prefer_manual_scheduler(*this); }
  };

  caf::actor_clock::time_point now() const {
    return const_cast<caf::actor_system&>(system_).clock().now();
  }

  config config_;
  caf::actor_system system_{config_};
  caf::actor_clock::time_point start_;
};

} // namespace taskvisor::testing
