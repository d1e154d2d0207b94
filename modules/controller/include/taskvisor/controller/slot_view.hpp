#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace taskvisor {

/// What the owner of a slot does.
enum class slot_status : std::uint8_t {
  /// There is none.
  idle,
  /// It was handed to the supervisor, which has not yet answered.
  admitting,
  /// It is registered and not yet cleaned up: it may also wait for a retry.
  running,
  /// It has to give way to a replacement, or the slot was canceled.
  terminating,
  /// The same, and it did not end within the grace.
  stuck,
};

constexpr std::size_t wire_count(slot_status) noexcept {
  return 5;
}

/// The name of the enumerator, for example `terminating`.
std::string_view label(slot_status status) noexcept;

/// One slot at one moment.
struct slot_view {
  std::string key;
  slot_status status = slot_status::idle;
  /// Empty if and only if the slot is idle.
  task_id owner;
  /// Submissions that wait, without the owner.
  std::uint64_t waiting = 0;
  /// Since when it has this status; zero for an idle slot.
  duration in_status{0};

  friend bool operator==(const slot_view&, const slot_view&) = default;

  static constexpr auto wire_name = "taskvisor::slot_view";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"key", &slot_view::key},
                      wire_field{"status", &slot_view::status},
                      wire_field{"owner", &slot_view::owner},
                      wire_field{"waiting", &slot_view::waiting},
                      wire_field{"in_status", &slot_view::in_status}};
  }
};

/// What clearing a slot ended.
struct slot_cleared {
  /// The owner, if this call ordered its stop; else empty.
  task_id stopped;
  /// How many that waited were taken out.
  std::uint64_t purged = 0;

  friend bool operator==(const slot_cleared&, const slot_cleared&) = default;

  static constexpr auto wire_name = "taskvisor::slot_cleared";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"stopped", &slot_cleared::stopped},
                      wire_field{"purged", &slot_cleared::purged}};
  }
};

/// The slots in use, sorted by key: each one consistent, not all of them at
/// the same moment. Idle slots do not exist.
struct controller_snapshot {
  std::vector<slot_view> slots;

  /// The slots whose status is `running`.
  std::size_t running_count() const noexcept;

  /// The submissions that wait in all slots.
  std::uint64_t total_waiting() const noexcept;

  /// The slot with that key, null if it is idle.
  const slot_view* slot(std::string_view key) const noexcept;

  bool empty() const noexcept { return slots.empty(); }

  friend bool operator==(const controller_snapshot&,
                         const controller_snapshot&) = default;

  static constexpr auto wire_name = "taskvisor::controller_snapshot";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"slots", &controller_snapshot::slots}};
  }
};

} // namespace taskvisor
