#include "taskvisor/events/event.hpp"

#include "labels.hpp"

#include <array>

namespace taskvisor {

namespace {

using namespace std::string_view_literals;

constexpr std::array event_labels{
  "shutdown_requested"sv,
  "all_stopped_within_grace"sv,
  "grace_exceeded"sv,
  "attempt_starting"sv,
  "attempt_succeeded"sv,
  "attempt_canceled"sv,
  "attempt_failed"sv,
  "attempt_timed_out"sv,
  "backoff_scheduled"sv,
  "task_add_requested"sv,
  "task_added"sv,
  "task_add_failed"sv,
  "task_remove_requested"sv,
  "task_finished"sv,
  "task_removed"sv,
  "subscriber_overflow"sv,
  "subscriber_panicked"sv,
  "runtime_failure"sv,
  "controller_submitted"sv,
  "controller_rejected"sv,
  "controller_slot_transition"sv,
  "attempt_stuck"sv,
  "state_dump"sv,
};

constexpr std::array source_labels{"failure"sv, "success"sv};

constexpr std::array severity_labels{"debug"sv, "info"sv, "warning"sv,
                                     "error"sv};

severity severity_of_finish(const event& x) noexcept {
  if (!x.outcome)
    return severity::warning;
  switch (*x.outcome) {
    case outcome_kind::completed:
    case outcome_kind::canceled:
      return severity::info;
    case outcome_kind::fatal:
    case outcome_kind::crashed:
      return severity::error;
    default:
      return severity::warning;
  }
}

} // namespace

std::string_view label(event_kind kind) noexcept {
  return detail::label_of(kind, event_labels);
}

std::string_view label(backoff_source source) noexcept {
  return detail::label_of(source, source_labels);
}

std::string_view label(severity level) noexcept {
  auto index = static_cast<std::size_t>(level);
  return index < severity_labels.size() ? severity_labels[index] : "unknown";
}

severity severity_of(const event& x) noexcept {
  switch (x.kind) {
    case event_kind::attempt_failed:
    case event_kind::attempt_stuck:
    case event_kind::subscriber_panicked:
    case event_kind::runtime_failure:
      return severity::error;
    case event_kind::attempt_timed_out:
    case event_kind::grace_exceeded:
    case event_kind::subscriber_overflow:
    case event_kind::task_add_failed:
    case event_kind::controller_rejected:
      return severity::warning;
    case event_kind::attempt_starting:
    case event_kind::backoff_scheduled:
    case event_kind::task_add_requested:
    case event_kind::task_remove_requested:
    case event_kind::controller_slot_transition:
      return severity::debug;
    case event_kind::task_finished:
      return severity_of_finish(x);
    default:
      return severity::info;
  }
}

} // namespace taskvisor
