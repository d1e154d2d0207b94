#include "taskvisor/events/event.hpp"

#include "labels.hpp"

namespace taskvisor {

namespace {

constexpr auto event_labels = detail::labels_of<event_kind>({
  "shutdown_requested",
  "all_stopped_within_grace",
  "grace_exceeded",
  "attempt_starting",
  "attempt_succeeded",
  "attempt_canceled",
  "attempt_failed",
  "attempt_timed_out",
  "backoff_scheduled",
  "task_add_requested",
  "task_added",
  "task_add_failed",
  "task_remove_requested",
  "task_finished",
  "task_removed",
  "subscriber_overflow",
  "subscriber_panicked",
  "runtime_failure",
  "controller_submitted",
  "controller_rejected",
  "controller_slot_transition",
  "attempt_stuck",
  "state_dump",
  "task_state_changed",
});

constexpr auto source_labels =
  detail::labels_of<backoff_source>({"failure", "success"});

constexpr auto subject_labels = detail::labels_of<event_subject>(
  {"supervisor", "task", "slot", "subscriber", "component"});

constexpr auto severity_labels =
  detail::labels_of<severity>({"debug", "info", "warning", "error"});

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
  return event_labels[kind];
}

std::string_view label(backoff_source source) noexcept {
  return source_labels[source];
}

std::string_view label(event_subject subject) noexcept {
  return subject_labels[subject];
}

event_subject subject_of(event_kind kind) noexcept {
  switch (kind) {
    case event_kind::shutdown_requested:
    case event_kind::all_stopped_within_grace:
    case event_kind::grace_exceeded:
    case event_kind::state_dump:
      return event_subject::supervisor;
    case event_kind::subscriber_overflow:
    case event_kind::subscriber_panicked:
      return event_subject::subscriber;
    case event_kind::runtime_failure:
      return event_subject::component;
    case event_kind::controller_submitted:
    case event_kind::controller_rejected:
    case event_kind::controller_slot_transition:
      return event_subject::slot;
    default:
      return event_subject::task;
  }
}

std::string_view label(severity level) noexcept {
  return severity_labels[level];
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
    case event_kind::task_state_changed:
      return severity::debug;
    case event_kind::task_finished:
      return severity_of_finish(x);
    default:
      return severity::info;
  }
}

} // namespace taskvisor
