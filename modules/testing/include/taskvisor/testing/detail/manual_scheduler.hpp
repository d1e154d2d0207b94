/// CAF's own test scheduler, of which 1.x exports only the public data.
#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"

#include <optional>

#if TASKVISOR_CAF_1
#  include <caf/detail/test_coordinator.hpp>
#else
#  include <caf/scheduler/test_coordinator.hpp>
#endif

namespace taskvisor::testing::detail {

#if TASKVISOR_CAF_1

inline auto& coordinator(caf::actor_system& sys) {
  return static_cast<caf::detail::test_coordinator&>(sys.scheduler());
}

inline auto& clock_of(caf::actor_system& sys) {
  return static_cast<caf::detail::test_actor_clock&>(sys.clock());
}

inline bool run_one_job(caf::actor_system& sys) {
  auto& jobs = coordinator(sys).jobs;
  if (jobs.empty())
    return false;
  auto* job = jobs.front();
  jobs.pop_front();
  switch (job->resume(&sys.scheduler(), 1)) {
    case caf::resumable::resume_later:
      jobs.push_front(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
      break;
    default:
      break;
  }
  return true;
}

inline std::optional<caf::actor_clock::time_point> next_deadline(
  caf::actor_system& sys) {
  auto& actions = clock_of(sys).actions;
  while (!actions.empty() && actions.begin()->second.disposed())
    actions.erase(actions.begin());
  if (actions.empty())
    return std::nullopt;
  return actions.begin()->first;
}

inline void move_clock_to(caf::actor_system& sys,
                          caf::actor_clock::time_point target) {
  auto& clock = clock_of(sys);
  if (clock.current_time < target)
    clock.current_time = target;
  while (!clock.actions.empty() && clock.actions.begin()->first <= target) {
    auto action = clock.actions.begin()->second;
    clock.actions.erase(clock.actions.begin());
    if (!action.disposed())
      action.run();
  }
}

#else

inline auto& coordinator(caf::actor_system& sys) {
  return static_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
}

inline bool run_one_job(caf::actor_system& sys) {
  return coordinator(sys).try_run_once();
}

/// CAF keeps the schedule protected; a derived class may name it.
struct schedule_view : caf::detail::test_actor_clock {
  static auto& of(caf::detail::test_actor_clock& clock) {
    return clock.*(&schedule_view::schedule_);
  }
};

inline std::optional<caf::actor_clock::time_point> next_deadline(
  caf::actor_system& sys) {
  auto& schedule = schedule_view::of(coordinator(sys).clock());
  if (schedule.empty())
    return std::nullopt;
  return schedule.begin()->first;
}

inline void move_clock_to(caf::actor_system& sys,
                          caf::actor_clock::time_point target) {
  auto& clock = coordinator(sys).clock();
  auto step = target - clock.now();
  clock.advance_time(step.count() > 0 ? step : step.zero());
}

#endif

} // namespace taskvisor::testing::detail
