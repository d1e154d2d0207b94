#pragma once

#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/task_info.hpp"
#include "taskvisor/events/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace taskvisor {

/// What is observed. Events are best effort and never decide anything.
enum class event_kind : std::uint8_t {
  shutdown_requested,
  all_stopped_within_grace,
  grace_exceeded,
  attempt_starting,
  attempt_succeeded,
  attempt_canceled,
  attempt_failed,
  attempt_timed_out,
  backoff_scheduled,
  task_add_requested,
  task_added,
  task_add_failed,
  task_remove_requested,
  task_finished,
  task_removed,
  subscriber_overflow,
  subscriber_panicked,
  runtime_failure,
  controller_submitted,
  controller_rejected,
  controller_slot_transition,
  /// An attempt ignored its stop and its force: it keeps its name (D-1).
  attempt_stuck,
  /// The whole state as text, on SIGQUIT.
  state_dump,
  /// A change of a task's state that no other event tells.
  task_state_changed,
};

constexpr std::size_t wire_count(event_kind) noexcept {
  return 24;
}

/// The stable, machine-readable name, such as `attempt_starting`.
std::string_view label(event_kind kind) noexcept;

/// What the field `task` of an event names.
enum class event_subject : std::uint8_t {
  /// Nothing: the event is about the supervisor itself.
  supervisor,
  task,
  slot,
  subscriber,
  component,
};

constexpr std::size_t wire_count(event_subject) noexcept {
  return 5;
}

/// The stable, machine-readable name, such as `slot`.
std::string_view label(event_subject subject) noexcept;
event_subject subject_of(event_kind kind) noexcept;

/// What a scheduled delay follows.
enum class backoff_source : std::uint8_t { failure, success };

constexpr std::size_t wire_count(backoff_source) noexcept {
  return 2;
}

std::string_view label(backoff_source source) noexcept;

/// One observation. Which of the optional fields are present follows from the
/// kind; `reason` is for people.
struct event {
  /// Number of the event in this process, from 1: gaps show loss, order is
  /// the order of publication of one supervisor.
  std::uint64_t seq = 0;
  /// Wall clock, may go backwards: never order by it.
  std::chrono::system_clock::time_point at;
  event_kind kind = event_kind::shutdown_requested;
  /// Absent is the empty id.
  task_id id;
  /// The name of what `subject_of(kind)` tells: mostly that of the task.
  std::string task;
  /// From 1; absent is 0.
  std::uint32_t attempt = 0;
  std::string reason;
  std::optional<outcome_kind> outcome;
  rejection rejected = rejection::none;
  std::optional<duration> timeout;
  std::optional<duration> delay;
  /// How long the attempt took.
  std::optional<duration> elapsed;
  std::optional<std::int32_t> exit_code;
  std::optional<backoff_source> source;
  /// How long a submission waited in its slot's queue.
  std::optional<duration> queued;
  /// What the task does from now on, if that changes.
  std::optional<task_state> state;
  /// How many events a subscriber lost since its last report.
  std::optional<std::uint64_t> lost;

  friend bool operator==(const event&, const event&) = default;

  static constexpr auto wire_name = "taskvisor::event";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"seq", &event::seq},
                      wire_field{"at", &event::at},
                      wire_field{"kind", &event::kind},
                      wire_field{"id", &event::id},
                      wire_field{"task", &event::task},
                      wire_field{"attempt", &event::attempt},
                      wire_field{"reason", &event::reason},
                      wire_field{"outcome", &event::outcome},
                      wire_field{"rejected", &event::rejected},
                      wire_field{"timeout", &event::timeout},
                      wire_field{"delay", &event::delay},
                      wire_field{"elapsed", &event::elapsed},
                      wire_field{"exit_code", &event::exit_code},
                      wire_field{"source", &event::source},
                      wire_field{"queued", &event::queued},
                      wire_field{"state", &event::state},
                      wire_field{"lost", &event::lost}};
  }
};

/// True for what reports about the reporting itself: it is never re-reported.
constexpr bool is_diagnostic(event_kind kind) noexcept {
  return kind == event_kind::subscriber_overflow
         || kind == event_kind::subscriber_panicked
         || kind == event_kind::runtime_failure;
}

/// How loud an event is; the same classes in every subscriber.
enum class severity : std::uint8_t { debug, info, warning, error };

constexpr std::size_t wire_count(severity) noexcept {
  return 4;
}

std::string_view label(severity level) noexcept;
severity severity_of(const event& x) noexcept;

} // namespace taskvisor
