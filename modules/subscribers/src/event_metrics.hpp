#pragma once

#include "exposition.hpp"
#include "histogram.hpp"
#include "label_map.hpp"

#include "taskvisor/events/event.hpp"
#include "taskvisor/events/event_publisher.hpp"
#include "taskvisor/subscribers/metrics_subscriber.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace taskvisor::detail {

/// What the events so far amount to. Takes memory for the tasks that are there
/// now, and for the values of labels.
class event_metrics {
public:
  explicit event_metrics(metrics_options options);

  /// The next event, in the order of `seq`.
  void apply(const event& x);

  /// What is registered, instead of what the events so far say: some may have
  /// been lost, or published before.
  void apply(const state_snapshot& x);

  bool stopping() const noexcept { return stopping_; }

  /// Everything as text, with what the queues say about themselves.
  std::string text(metrics_format format,
                   const std::vector<queue_report>& queues) const;

private:
  using time_point = std::chrono::system_clock::time_point;

  struct task_series {
    explicit task_series(const histogram::bounds_ptr& bounds)
      : durations(bounds), restart_delays(bounds) {}

    std::uint64_t started = 0;
    std::array<std::uint64_t, 4> ended{};
    std::array<std::uint64_t, 2> restarts{};
    std::array<std::uint64_t, wire_count(outcome_kind{})> outcomes{};
    std::array<std::uint64_t, wire_count(task_state{})> now{};
    histogram durations;
    histogram restart_delays;
  };

  struct slot_series {
    explicit slot_series(const histogram::bounds_ptr& bounds) : waits(bounds) {}

    std::uint64_t queued = 0;
    std::array<std::uint64_t, wire_count(rejection{})> rejected{};
    histogram waits;
  };

  struct queue_series {
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
    std::uint64_t depth = 0;
  };

  struct tracked_task {
    std::size_t series = 0;
    task_state now = task_state::starting;
    bool succeeded = false;
    std::optional<time_point> failed_at;
  };

  using task_map = std::map<task_id, tracked_task>;
  using queue_map = std::map<task_id, std::size_t>; // to its series

  void apply_to_task(const event& x);
  void apply_to_slot(const event& x);
  void on_task_event(const event& x);
  void on_start(tracked_task& task, const event& x);
  void on_end(tracked_task& task, const event& x);
  void on_finish(const event& x);

  tracked_task& track(task_id id, const std::string& name);
  void enter(tracked_task& task, task_state next);
  void forget(task_map::iterator task);
  void forget(queue_map::iterator submission);
  /// Where the series of the event's task or slot are.
  std::size_t task_group_of(const std::string& task);
  std::size_t slot_group_of(const event& x);

  void write_events(exposition& to) const;
  void write_attempts(exposition& to) const;
  void write_tasks(exposition& to) const;
  void write_slots(exposition& to) const;
  void write_queues(exposition& to,
                    const std::vector<queue_report>& queues) const;
  void write_failures(exposition& to) const;

  metrics_options options_;
  bool stopping_ = false;
  std::array<std::uint64_t, wire_count(event_kind{})> events_{};
  label_map<task_series> tasks_;
  label_map<slot_series> slots_;
  label_map<std::uint64_t> subscriber_failures_;
  label_map<std::uint64_t> runtime_failures_;
  // By id, so that the first is the oldest.
  task_map tracked_;
  queue_map queued_;
};

} // namespace taskvisor::detail
