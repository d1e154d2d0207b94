#include "taskvisor/controller/slot_view.hpp"

#include <algorithm>
#include <numeric>

namespace taskvisor {

std::size_t controller_snapshot::running_count() const noexcept {
  auto count = std::count_if(slots.begin(), slots.end(), [](const auto& x) {
    return x.status == slot_status::running;
  });
  return static_cast<std::size_t>(count);
}

std::uint64_t controller_snapshot::total_waiting() const noexcept {
  return std::accumulate(
    slots.begin(), slots.end(), std::uint64_t{0},
    [](std::uint64_t sum, const auto& x) { return sum + x.waiting; });
}

const slot_view* controller_snapshot::slot(
  std::string_view key) const noexcept {
  auto found = std::find_if(slots.begin(), slots.end(),
                            [key](const auto& x) { return x.key == key; });
  return found == slots.end() ? nullptr : &*found;
}

} // namespace taskvisor
