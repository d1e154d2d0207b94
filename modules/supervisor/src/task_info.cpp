#include "taskvisor/supervisor/task_info.hpp"

#include <array>

namespace taskvisor {

namespace {

using namespace std::string_view_literals;

constexpr std::array labels{
  "starting"sv,
  "waiting_for_permit"sv,
  "running"sv,
  "backing_off"sv,
  "waiting_for_interval"sv,
  "stopping"sv,
  "stuck"sv,
  "ended"sv,
};

static_assert(labels.size() == wire_count(task_state{}));

} // namespace

std::string_view label(task_state state) noexcept {
  auto index = static_cast<std::size_t>(state);
  return index < labels.size() ? labels[index] : "unknown";
}

} // namespace taskvisor
