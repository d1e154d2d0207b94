#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace taskvisor {

/// What a submission wants when its slot has an owner. On an idle slot all of
/// them start at once.
enum class admission_policy : std::uint8_t {
  /// Waits behind the others; refused with `queue_full` if there are too many.
  queue,
  /// Stops the owner and starts when that one is gone, before all others that
  /// wait. Who waited at the head is displaced.
  replace,
  /// Never waits: refused with `slot_busy`.
  drop_if_running,
  /// Lets the owner finish and starts then; whoever waits is displaced.
  keep_latest,
};

constexpr std::size_t wire_count(admission_policy) noexcept {
  return 4;
}

/// The name of the enumerator, for example `keep_latest`.
std::string_view label(admission_policy policy) noexcept;

} // namespace taskvisor
