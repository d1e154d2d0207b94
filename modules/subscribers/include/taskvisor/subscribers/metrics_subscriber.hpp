#pragma once

#include "taskvisor/subscribers/subscriber.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace taskvisor {

/// The two text formats that Prometheus reads.
enum class metrics_format : std::uint8_t { prometheus, openmetrics };

/// What an HTTP server calls the format.
std::string_view content_type(metrics_format format) noexcept;

/// The value of a label for the name of a task or slot: the same for the same
/// name. What it throws loses the event for the metrics, and is reported.
using label_grouping = std::function<std::string(std::string_view name)>;

struct metrics_options {
  /// Each metric is called `<prefix>_<name>`; letters, digits, `_` and `:`.
  std::string prefix = "taskvisor";

  /// The label `task` of a task, the label `slot` of a slot. None takes the
  /// name itself: give one where names hold numbers or addresses.
  label_grouping task_group = nullptr;
  label_grouping slot_group = nullptr;

  /// Distinct values that each label may have, at least 1; whatever comes
  /// later is counted as `other`. Series take memory for ever.
  std::size_t max_label_values = 100;

  /// Upper bounds of the histograms, in seconds; ascending, above 0.
  std::vector<double> buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,
                              2.5,   5,    10,    30,   60,  300,  1800, 3600};

  /// Tasks, and queued submissions, of which it is known at a time what they
  /// do, at least 1; beyond it the oldest are forgotten.
  std::size_t max_tracked = 1'000'000;

  /// The first wrong value in the order above, if any.
  std::optional<config_error> validate() const;
};

/// Counts what happens, for Prometheus. The metrics, each with the prefix:
///
///     build_info{version}                 gauge, always 1
///     events_total{event}                 events seen
///     attempts_started_total{task}
///     attempts_ended_total{task,result}   succeeded, failed, canceled,
///                                         timed_out
///     restarts_total{task,after}          later attempts; failure, success
///     outcomes_total{task,outcome}        completed, failed, fatal, canceled,
///                                         force_aborted, crashed, rejected
///     tasks{task,state}                   gauge, by `task_state`: starting,
///                                         waiting_for_permit, running,
///                                         backing_off, stuck, ...
///     attempt_duration_seconds{task}      histogram
///     restart_delay_seconds{task}         histogram: from a failed attempt to
///                                         the start of the next
///     submissions_queued{slot}            gauge
///     submissions_rejected_total{slot,reason}
///     submission_wait_seconds{slot}       histogram: until the slot was free
///     subscriber_events_delivered_total{subscriber}
///     subscriber_events_lost_total{subscriber}
///     subscriber_queue_depth{subscriber}  gauge
///     subscriber_failures_total{subscriber}   callbacks that threw
///     runtime_failures_total{component}
///
/// Counters and histograms are made of events: if its own queue loses some, as
/// `subscriber_events_lost_total` tells, they miss them. `tasks` is set right
/// by a snapshot as soon as the queue has been caught up. Copies stand for the
/// same metrics. Any thread.
class metrics_subscriber {
public:
  /// The error is `invalid_config`.
  static caf::expected<metrics_subscriber> make(metrics_options options = {});

  /// A queue that a burst does not fill soon.
  static subscriber_options default_options() {
    return {.name = "metrics", .capacity = 65'536};
  }

  /// Attaches it to a supervisor, also to one that runs: once per
  /// `metrics_subscriber`. Its `on_snapshot` is not the caller's.
  caf::expected<subscription> attach_to(
    caf::actor_system& system,
    const std::shared_ptr<event_publisher>& publisher,
    subscriber_options options = default_options()) const;

  /// All metrics as they are now.
  std::string text(metrics_format format) const;

  /// True since a shutdown was seen.
  bool stopping() const;

private:
  class state;

  explicit metrics_subscriber(std::shared_ptr<state> to);

  std::shared_ptr<state> state_;
};

} // namespace taskvisor
