#include "taskvisor/events/task_id.hpp"

#include <fmt/format.h>

#include <atomic>

namespace taskvisor {

task_id task_id::next() noexcept {
  static std::atomic<std::uint64_t> last{0};
  task_id result;
  result.value_ = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return result;
}

std::string to_string(task_id id) {
  return fmt::format("#{}", id.value());
}

} // namespace taskvisor
