#pragma once

#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/events/type_ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace taskvisor {

/// What a registered task does now.
enum class task_state : std::uint8_t {
  /// Registered, its first attempt has not begun.
  starting,
  /// Waits for one of the permits of the concurrency limit.
  waiting_for_permit,
  /// A blocking function that waits for one of the supervisor's threads.
  waiting_for_thread,
  running,
  /// Waits before it tries again after a failure.
  backing_off,
  /// Waits before it runs again after a success.
  waiting_for_interval,
  /// Was told to stop, its attempt still runs.
  stopping,
  /// Ignored its stop and its force; keeps its name until it returns.
  stuck,
  /// Its attempt is over; what follows is being decided, or cleaned up.
  ended,
};

constexpr std::size_t wire_count(task_state) noexcept {
  return 9;
}

/// What a task runs.
enum class body_kind : std::uint8_t {
  coroutine,
  function,
  /// `blocking(...)`
  blocking,
  /// `actor_task(...)`
  actor,
};

constexpr std::size_t wire_count(body_kind) noexcept {
  return 4;
}

/// Stable, machine-readable, such as `backing_off`.
std::string_view label(task_state state) noexcept;
std::string_view label(body_kind kind) noexcept;

/// One line of `list`: a registered task at the moment of the question.
struct task_info {
  task_id id;
  std::string name;
  body_kind body = body_kind::coroutine;
  task_state state = task_state::starting;
  /// Number of the running or last attempt; 0 before the first.
  std::uint32_t attempt = 0;
  /// Time left of a backoff or interval.
  std::optional<duration> remaining;
  /// How long the task is in this state.
  duration in_state{0};
  /// How long its attempt has been running, also while it is to stop.
  std::optional<duration> attempt_age;
  /// Reason of the last failed attempt; empty without one.
  std::string last_failure;

  static constexpr auto wire_name = "taskvisor::task_info";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"id", &task_info::id},
                      wire_field{"name", &task_info::name},
                      wire_field{"body", &task_info::body},
                      wire_field{"state", &task_info::state},
                      wire_field{"attempt", &task_info::attempt},
                      wire_field{"remaining", &task_info::remaining},
                      wire_field{"in_state", &task_info::in_state},
                      wire_field{"attempt_age", &task_info::attempt_age},
                      wire_field{"last_failure", &task_info::last_failure}};
  }
};

/// One line for people: `poll: stuck for 5s, attempt 2 (blocking) runs for
/// 12s, last failure: connection refused`.
std::string to_string(const task_info& x);

/// Everything registered at one moment between two events.
struct state_snapshot {
  /// Number of the last event before it: what the events up to this one told
  /// is in here, and nothing that a later one tells.
  std::uint64_t seq = 0;
  /// Sorted by id.
  std::vector<task_info> tasks;

  static constexpr auto wire_name = "taskvisor::state_snapshot";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"seq", &state_snapshot::seq},
                      detail::wire_field{"tasks", &state_snapshot::tasks}};
  }
};

} // namespace taskvisor
