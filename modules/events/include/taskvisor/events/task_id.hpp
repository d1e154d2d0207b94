#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <tuple>

namespace taskvisor {

/// Identity of one submission: drawn from one counter of the process before
/// the first admission decision, never used again, the same in every attempt,
/// event and outcome. Its order is the order of submission, not of cause.
class task_id {
public:
  /// No task: the number 0 is never issued.
  constexpr task_id() noexcept = default;

  /// Draws the next identity. Any thread.
  static task_id next() noexcept;

  constexpr std::uint64_t value() const noexcept { return value_; }

  constexpr explicit operator bool() const noexcept { return value_ != 0; }

  // NOLINTNEXTLINE(modernize-use-nullptr): the 0 of a rewritten comparison
  friend constexpr auto operator<=>(task_id, task_id) noexcept = default;

  static constexpr auto wire_name = "taskvisor::task_id";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"value", &task_id::value_}};
  }

private:
  std::uint64_t value_ = 0;
};

/// `#17`; for people, not for parsing.
std::string to_string(task_id id);

} // namespace taskvisor

template <>
struct std::hash<taskvisor::task_id> {
  std::size_t operator()(taskvisor::task_id id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value());
  }
};
