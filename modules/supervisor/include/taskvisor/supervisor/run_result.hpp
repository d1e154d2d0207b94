#pragma once

#include "taskvisor/events/error.hpp"
#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_info.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace taskvisor {

/// How a shutdown went; the same for everybody who asked.
struct shutdown_report {
  /// Tasks that missed the deadline and were aborted, by name.
  std::vector<std::string> aborted;
  /// Of those, the ones that could not be aborted and may still run: what they
  /// did last, and for how long.
  std::vector<task_info> left_behind;

  bool within_grace() const noexcept { return aborted.empty(); }

  static constexpr auto wire_name = "taskvisor::shutdown_report";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"aborted", &shutdown_report::aborted},
                      wire_field{"left_behind", &shutdown_report::left_behind}};
  }
};

/// What `run` returns: whether it could start, how the shutdown went, and how
/// tasks ended.
struct run_result {
  /// Why nothing was started, or `runtime_failed` if the supervisor itself
  /// broke off; else empty.
  caf::error error;
  shutdown_report shutdown;
  /// Ended tasks by outcome, of all tasks this supervisor has had.
  std::array<std::uint64_t, 7> outcomes{};

  std::uint64_t count(outcome_kind kind) const noexcept {
    return outcomes[static_cast<std::size_t>(kind)];
  }

  /// For `main`: 0 if all went well, which includes a stop on request; 1 if a
  /// task ended failed, fatal or crashed or the supervisor itself failed; 2 if
  /// nothing was started; 3 if a task missed the grace.
  int exit_code() const noexcept;

  explicit operator bool() const noexcept { return exit_code() == 0; }
};

/// One line for people.
std::string to_string(const run_result& x);

} // namespace taskvisor
