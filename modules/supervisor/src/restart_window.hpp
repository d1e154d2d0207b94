#pragma once

#include "taskvisor/events/time.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace taskvisor::detail {

/// Counts restarts in an exact sliding window: of every moment `now`, the
/// window is (now - period, now], so a restart exactly one period ago is out.
/// Constant time for each restart; memory for at most `max_restarts` stamps.
class restart_window {
public:
  /// Allows `max_restarts` in a window; zero allows none.
  /// `period` is positive: whoever offers it as an option validates it.
  restart_window(std::uint32_t max_restarts, duration period) noexcept
    : max_restarts_(max_restarts), period_(period) {
    // nop
  }

  /// Counts a restart at `now`, in steady time that never goes back. The
  /// result is false if that is one too many; it is then not counted, as it
  /// does not happen.
  bool admit(duration now) {
    if (stamps_.size() < max_restarts_) {
      stamps_.push_back(now);
      return true;
    }
    if (max_restarts_ == 0 || in_window(stamps_[oldest_], now))
      return false;
    stamps_[oldest_] = now;
    oldest_ = (oldest_ + 1) % stamps_.size();
    return true;
  }

  /// The number of counted restarts in the window that ends at `now`.
  std::size_t count(duration now) const noexcept {
    std::size_t result = 0;
    for (auto stamp : stamps_)
      result += in_window(stamp, now) ? 1 : 0;
    return result;
  }

private:
  bool in_window(duration stamp, duration now) const noexcept {
    return saturating_sub(now, stamp) < period_;
  }

  std::uint32_t max_restarts_;
  duration period_;
  std::vector<duration> stamps_;
  std::size_t oldest_ = 0;
};

} // namespace taskvisor::detail
