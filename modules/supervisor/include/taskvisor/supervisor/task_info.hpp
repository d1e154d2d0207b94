#pragma once

#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/type_ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace taskvisor {

/// What a registered task does now.
enum class task_state : std::uint8_t {
  /// Registered, its first attempt has not begun.
  starting,
  /// Waits for one of the permits of the concurrency limit.
  waiting_for_permit,
  running,
  /// Waits before it tries again after a failure.
  backing_off,
  /// Waits before it runs again after a success.
  waiting_for_interval,
  /// Was told to stop, its attempt still runs.
  stopping,
  /// Ignored its stop and its force; keeps its name until it returns.
  stuck,
  /// Its last attempt is over; the registry cleans up.
  ended,
};

constexpr std::size_t wire_count(task_state) noexcept {
  return 8;
}

/// Stable, machine-readable, such as `backing_off`.
std::string_view label(task_state state) noexcept;

/// One line of `list`: a registered task at the moment of the question.
struct task_info {
  task_id id;
  std::string name;
  task_state state = task_state::starting;
  /// Number of the running or last attempt; 0 before the first.
  std::uint32_t attempt = 0;
  /// Time left of a backoff or interval.
  std::optional<duration> remaining;
  /// How long the task is in this state.
  duration in_state{0};
  /// Reason of the last failed attempt; empty without one.
  std::string last_failure;

  static constexpr auto wire_name = "taskvisor::task_info";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"id", &task_info::id},
                      wire_field{"name", &task_info::name},
                      wire_field{"state", &task_info::state},
                      wire_field{"attempt", &task_info::attempt},
                      wire_field{"remaining", &task_info::remaining},
                      wire_field{"in_state", &task_info::in_state},
                      wire_field{"last_failure", &task_info::last_failure}};
  }
};

} // namespace taskvisor
