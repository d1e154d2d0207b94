#include "taskvisor/events/task_info.hpp"

#include "labels.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

#include <fmt/format.h>

namespace taskvisor {

namespace {

constexpr auto state_labels = detail::labels_of<task_state>({
  "starting",
  "waiting_for_permit",
  "waiting_for_thread",
  "running",
  "backing_off",
  "waiting_for_interval",
  "stopping",
  "stuck",
  "ended",
});

constexpr auto body_labels =
  detail::labels_of<body_kind>({"coroutine", "function", "blocking", "actor"});

std::string rounded(duration x) {
  return detail::exact_text(
    std::chrono::duration_cast<std::chrono::milliseconds>(x));
}

} // namespace

std::string_view label(task_state state) noexcept {
  return state_labels[state];
}

std::string_view label(body_kind kind) noexcept {
  return body_labels[kind];
}

std::string to_string(const task_info& x) {
  auto result =
    fmt::format("{}: {} for {}", x.name, label(x.state), rounded(x.in_state));
  if (x.attempt != 0)
    result += fmt::format(", attempt {} ({})", x.attempt, label(x.body));
  if (x.attempt_age)
    result += fmt::format(" runs for {}", rounded(*x.attempt_age));
  if (x.remaining)
    result += fmt::format(", {} left", rounded(*x.remaining));
  if (!x.last_failure.empty())
    result += ", last failure: " + x.last_failure;
  return result;
}

} // namespace taskvisor
