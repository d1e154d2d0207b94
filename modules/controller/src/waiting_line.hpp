#pragma once

#include "taskvisor/events/task_id.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// Who waits, in order. Adding and taking from the front are amortised O(1),
/// removing from the middle is linear; the memory of a peak is given back.
class waiting_line {
public:
  bool empty() const noexcept { return head_ == ids_.size(); }
  std::size_t size() const noexcept { return ids_.size() - head_; }
  task_id front() const noexcept { return ids_[head_]; }

  void push_back(task_id id) { ids_.push_back(id); }
  void replace_front(task_id id) noexcept { ids_[head_] = id; }

  task_id take_front() {
    auto result = ids_[head_++];
    settle();
    return result;
  }

  /// False if it does not wait.
  bool remove(task_id id) {
    auto found = std::find(begin(), ids_.end(), id);
    if (found == ids_.end())
      return false;
    ids_.erase(found);
    settle();
    return true;
  }

  /// Empties the line and gives who waited, in order.
  std::vector<task_id> take_all() {
    ids_.erase(ids_.begin(), begin());
    head_ = 0;
    return std::exchange(ids_, {});
  }

private:
  static constexpr std::size_t small = 64;

  std::vector<task_id>::iterator begin() noexcept {
    return ids_.begin() + static_cast<std::ptrdiff_t>(head_);
  }

  void settle() {
    if (empty() && ids_.capacity() <= small) {
      ids_.clear();
      head_ = 0;
    } else if (head_ > small && head_ >= size()) {
      ids_ = std::vector<task_id>(begin(), ids_.end());
      head_ = 0;
    }
  }

  std::vector<task_id> ids_;
  std::size_t head_ = 0;
};

} // namespace taskvisor::detail
