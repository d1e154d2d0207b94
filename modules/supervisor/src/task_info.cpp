#include "taskvisor/supervisor/task_info.hpp"

#include "taskvisor/supervisor/detail/duration_text.hpp"

#include <fmt/format.h>

#include <array>

namespace taskvisor {

namespace {

using namespace std::string_view_literals;

constexpr std::array state_labels{
  "starting"sv,
  "waiting_for_permit"sv,
  "waiting_for_thread"sv,
  "running"sv,
  "backing_off"sv,
  "waiting_for_interval"sv,
  "stopping"sv,
  "stuck"sv,
  "ended"sv,
};

static_assert(state_labels.size() == wire_count(task_state{}));

constexpr std::array body_labels{
  "coroutine"sv,
  "function"sv,
  "blocking"sv,
  "actor"sv,
};

static_assert(body_labels.size() == wire_count(body_kind{}));

template <class Labels, class E>
std::string_view label_in(const Labels& labels, E x) noexcept {
  auto index = static_cast<std::size_t>(x);
  return index < labels.size() ? labels[index] : "unknown";
}

std::string rounded(duration x) {
  return detail::exact_text(
    std::chrono::duration_cast<std::chrono::milliseconds>(x));
}

} // namespace

std::string_view label(task_state state) noexcept {
  return label_in(state_labels, state);
}

std::string_view label(body_kind kind) noexcept {
  return label_in(body_labels, kind);
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
