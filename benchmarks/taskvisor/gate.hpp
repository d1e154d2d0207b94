#pragma once

#include "world.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace bench {

/// Tasks wait here until all of them may go on.
class gate {
public:
  explicit gate(std::size_t n) { waiting_.reserve(n); }

  /// To be awaited by one task; before `open`.
  tv::pending<bool> wait() {
    std::lock_guard guard{mutex_};
    return waiting_.emplace_back().get_pending();
  }

  void open() {
    std::lock_guard guard{mutex_};
    for (auto& x : waiting_)
      x.resolve(true);
  }

private:
  std::mutex mutex_;
  std::vector<tv::detail::promise_of<bool>> waiting_;
};

} // namespace bench
