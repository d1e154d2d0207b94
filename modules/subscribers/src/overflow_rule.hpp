#pragma once

#include <cstddef>
#include <cstdint>

namespace taskvisor::detail {

/// When a subscriber tells what it lost: not per event, which would add to the
/// flood, but once it has caught up to half of its queue, or after `capacity`
/// callbacks if it never does.
class overflow_rule {
public:
  explicit overflow_rule(std::size_t capacity) noexcept : capacity_(capacity) {}

  /// After each callback, with the events lost so far and those that wait.
  /// Returns how many losses to tell now, 0 for none.
  std::uint64_t after_callback(std::uint64_t lost, std::size_t depth) noexcept {
    if (lost == told_)
      return 0;
    ++callbacks_;
    if (depth > capacity_ / 2 && callbacks_ < capacity_)
      return 0;
    return rest(lost);
  }

  /// At the end: how many losses nobody was told of.
  std::uint64_t rest(std::uint64_t lost) noexcept {
    auto result = lost - told_;
    told_ = lost;
    callbacks_ = 0;
    return result;
  }

private:
  std::size_t capacity_;
  std::uint64_t told_ = 0;
  std::size_t callbacks_ = 0;
};

} // namespace taskvisor::detail
