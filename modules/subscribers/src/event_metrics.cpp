#include "event_metrics.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace taskvisor::detail {

namespace {

/// For enums that came over a wire: the count of what is none goes nowhere.
template <std::size_t N, class E>
void count(std::array<std::uint64_t, N>& counts, E value) {
  auto index = static_cast<std::size_t>(value);
  if (index < N)
    ++counts[index];
}

histogram::bounds_ptr bounds_of(const metrics_options& options) {
  return std::make_shared<const std::vector<double>>(options.buckets);
}

} // namespace

event_metrics::event_metrics(metrics_options options)
  : options_(std::move(options)),
    tasks_(options_.max_label_values, task_series{bounds_of(options_)}),
    slots_(options_.max_label_values, slot_series{bounds_of(options_)}),
    subscriber_failures_(options_.max_label_values, 0),
    runtime_failures_(options_.max_label_values, 0) {}

void event_metrics::apply(const event& x) {
  count(events_, x.kind);
  switch (subject_of(x.kind)) {
    case event_subject::supervisor:
      stopping_ = stopping_ || x.kind != event_kind::state_dump;
      break;
    case event_subject::task:
      apply_to_task(x);
      break;
    case event_subject::slot:
      apply_to_slot(x);
      break;
    case event_subject::subscriber:
      if (x.kind == event_kind::subscriber_panicked)
        ++subscriber_failures_.at(x.task);
      break;
    case event_subject::component:
      ++runtime_failures_.at(x.task);
      break;
  }
}

void event_metrics::apply_to_task(const event& x) {
  switch (x.kind) {
    case event_kind::task_add_requested:
    case event_kind::task_remove_requested:
      break;
    case event_kind::task_add_failed:
      count(tasks_[task_group_of(x.task)].outcomes, outcome_kind::rejected);
      forget(queued_.find(x.id));
      break;
    case event_kind::task_finished:
      on_finish(x);
      break;
    case event_kind::task_removed:
      forget(tracked_.find(x.id));
      break;
    default:
      on_task_event(x);
  }
}

void event_metrics::on_task_event(const event& x) {
  auto& task = track(x.id, x.task);
  switch (x.kind) {
    case event_kind::attempt_starting:
      on_start(task, x);
      break;
    case event_kind::attempt_succeeded:
    case event_kind::attempt_failed:
    case event_kind::attempt_canceled:
    case event_kind::attempt_timed_out:
      on_end(task, x);
      break;
    default:
      break;
  }
  if (x.state)
    enter(task, *x.state);
}

void event_metrics::on_start(tracked_task& task, const event& x) {
  auto& series = tasks_[task.series];
  ++series.started;
  if (x.attempt > 1)
    ++series.restarts[task.succeeded ? 1 : 0];
  if (auto failed_at = std::exchange(task.failed_at, std::nullopt))
    series.restart_delays.record(x.at - *failed_at);
}

void event_metrics::on_end(tracked_task& task, const event& x) {
  auto& series = tasks_[task.series];
  static_assert(static_cast<int>(event_kind::attempt_timed_out)
                == static_cast<int>(event_kind::attempt_succeeded) + 3);
  count(series.ended,
        static_cast<std::size_t>(x.kind)
          - static_cast<std::size_t>(event_kind::attempt_succeeded));
  if (x.elapsed)
    series.durations.record(*x.elapsed);
  task.succeeded = x.kind == event_kind::attempt_succeeded;
  if (x.kind == event_kind::attempt_failed
      || x.kind == event_kind::attempt_timed_out)
    task.failed_at = x.at;
}

void event_metrics::on_finish(const event& x) {
  auto task = tracked_.find(x.id);
  auto series =
    task == tracked_.end() ? task_group_of(x.task) : task->second.series;
  if (x.outcome)
    count(tasks_[series].outcomes, *x.outcome);
}

void event_metrics::apply_to_slot(const event& x) {
  if (x.kind == event_kind::controller_rejected) {
    count(slots_[slot_group_of(x)].rejected, x.rejected);
    forget(queued_.find(x.id));
  } else if (x.kind == event_kind::controller_submitted && x.queued) {
    // It owns its slot: at once, or after it was queued.
    slots_[slot_group_of(x)].waits.record(*x.queued);
    forget(queued_.find(x.id));
  } else if (x.kind == event_kind::controller_submitted) {
    auto series = slot_group_of(x);
    if (queued_.emplace(x.id, series).second)
      ++slots_[series].queued;
    if (queued_.size() > options_.max_tracked)
      forget(queued_.begin());
  }
}

// -- what tasks do now --------------------------------------------------------

/// The task of the event; it may be new, also because events were lost or this
/// subscriber came late.
event_metrics::tracked_task& event_metrics::track(task_id id,
                                                  const std::string& name) {
  if (auto known = tracked_.find(id); known != tracked_.end())
    return known->second;
  tracked_task task;
  task.series = task_group_of(name);
  ++tasks_[task.series].now[static_cast<std::size_t>(task.now)];
  forget(queued_.find(id)); // had the event of its start been lost
  if (tracked_.size() >= options_.max_tracked)
    forget(tracked_.begin());
  return tracked_.emplace(id, task).first->second;
}

void event_metrics::apply(const state_snapshot& x) {
  for (const auto& info : x.tasks)
    enter(track(info.id, info.name), info.state);
  for (auto i = tracked_.begin(); i != tracked_.end();) {
    auto next = std::next(i);
    if (!std::ranges::binary_search(x.tasks, i->first, {}, &task_info::id))
      forget(i);
    i = next;
  }
}

void event_metrics::enter(tracked_task& task, task_state next) {
  auto& now = tasks_[task.series].now;
  if (static_cast<std::size_t>(next) >= now.size())
    return; // from a newer peer
  --now[static_cast<std::size_t>(std::exchange(task.now, next))];
  ++now[static_cast<std::size_t>(next)];
}

void event_metrics::forget(task_map::iterator task) {
  if (task == tracked_.end())
    return;
  --tasks_[task->second.series].now[static_cast<std::size_t>(task->second.now)];
  tracked_.erase(task);
}

void event_metrics::forget(queue_map::iterator submission) {
  if (submission == queued_.end())
    return;
  --slots_[submission->second].queued;
  queued_.erase(submission);
}

std::size_t event_metrics::task_group_of(const std::string& task) {
  return tasks_.index_of(options_.task_group ? options_.task_group(task)
                                             : task);
}

std::size_t event_metrics::slot_group_of(const event& x) {
  return slots_.index_of(options_.slot_group ? options_.slot_group(x.task)
                                             : x.task);
}

} // namespace taskvisor::detail
