#pragma once

#include "taskvisor/events/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// Durations by the bucket that they fall into.
class histogram {
public:
  using bounds_ptr = std::shared_ptr<const std::vector<double>>;

  /// The upper bounds in seconds, ascending; all histograms of a kind share
  /// them.
  explicit histogram(bounds_ptr bounds)
    : bounds_(std::move(bounds)), counts_(bounds_->size() + 1) {}

  /// Negative durations, as of a clock that was set back, count as zero.
  void record(duration value) {
    using seconds = std::chrono::duration<double>;
    auto size = std::max(seconds{value}.count(), 0.0);
    auto bucket = std::lower_bound(bounds_->begin(), bounds_->end(), size);
    ++counts_[static_cast<std::size_t>(bucket - bounds_->begin())];
    sum_ += size;
  }

  const std::vector<double>& bounds() const noexcept { return *bounds_; }

  /// How many fell into each bucket alone; the last is above all bounds.
  const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }

  double sum() const noexcept { return sum_; }

private:
  bounds_ptr bounds_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
};

} // namespace taskvisor::detail
