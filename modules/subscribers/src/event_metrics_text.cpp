// What event_metrics prints. Enumerated labels are there from the start, with
// 0, so that the first increase is seen as one.
#include "event_metrics.hpp"

#include "taskvisor/events/version.hpp"

namespace taskvisor::detail {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 4> results{"succeeded", "canceled",
                                                  "failed", "timed_out"};
constexpr std::array<std::string_view, 2> causes{"failure", "success"};

/// `completed`, where the label is `outcome_completed`.
std::string_view short_label(std::size_t outcome) {
  auto result = label(static_cast<outcome_kind>(outcome));
  result.remove_prefix(std::string_view{"outcome_"}.size());
  return result;
}

} // namespace

std::string event_metrics::text(metrics_format format,
                                const std::vector<queue_report>& queues) const {
  exposition to{format, options_.prefix};
  to.gauge("build_info", "Always 1; the version is a label.");
  to.sample({{"version", version()}}, 1);
  write_events(to);
  write_attempts(to);
  write_tasks(to);
  write_slots(to);
  write_queues(to, queues);
  write_failures(to);
  return to.take();
}

void event_metrics::write_events(exposition& to) const {
  to.counter("events", "Events that the metrics are made of.");
  for (std::size_t i = 0; i < events_.size(); ++i)
    to.sample({{"event", label(static_cast<event_kind>(i))}}, events_[i]);
}

void event_metrics::write_attempts(exposition& to) const {
  to.counter("attempts_started", "Attempts that began.");
  for (const auto& [task, x] : tasks_)
    to.sample({{"task", task}}, x.started);
  to.counter("attempts_ended", "Attempts that ended, by their result.");
  for (const auto& [task, x] : tasks_)
    for (std::size_t i = 0; i < results.size(); ++i)
      to.sample({{"task", task}, {"result", results[i]}}, x.ended[i]);
  to.counter("restarts", "Attempts after the first, by what they followed.");
  for (const auto& [task, x] : tasks_)
    for (std::size_t i = 0; i < causes.size(); ++i)
      to.sample({{"task", task}, {"after", causes[i]}}, x.restarts[i]);
  to.histograms("attempt_duration_seconds", "How long attempts took.");
  for (const auto& [task, x] : tasks_)
    to.sample({{"task", task}}, x.durations);
  to.histograms("restart_delay_seconds",
                "From a failed attempt to the start of the next one.");
  for (const auto& [task, x] : tasks_)
    to.sample({{"task", task}}, x.restart_delays);
}

void event_metrics::write_tasks(exposition& to) const {
  to.counter("outcomes", "Tasks that ended, by how.");
  for (const auto& [task, x] : tasks_)
    for (std::size_t i = 0; i < x.outcomes.size(); ++i)
      to.sample({{"task", task}, {"outcome", short_label(i)}}, x.outcomes[i]);
  to.gauge("tasks", "Registered tasks, by what they do now.");
  for (const auto& [task, x] : tasks_)
    for (std::size_t i = 0; i < x.now.size(); ++i)
      to.sample({{"task", task}, {"state", label(static_cast<task_state>(i))}},
                x.now[i]);
}

void event_metrics::write_slots(exposition& to) const {
  to.gauge("submissions_queued", "Submissions that wait for their slot.");
  for (const auto& [slot, x] : slots_)
    to.sample({{"slot", slot}}, x.queued);
  to.counter("submissions_rejected", "Submissions that never ran, by why.");
  for (const auto& [slot, x] : slots_)
    for (std::size_t i = 1; i < x.rejected.size(); ++i) // 0 is none
      to.sample({{"slot", slot}, {"reason", label(static_cast<rejection>(i))}},
                x.rejected[i]);
  to.histograms("submission_wait_seconds",
                "How long submissions waited for their slot.");
  for (const auto& [slot, x] : slots_)
    to.sample({{"slot", slot}}, x.waits);
}

void event_metrics::write_queues(
  exposition& to, const std::vector<queue_report>& queues) const {
  label_map<queue_series> series{options_.max_label_values, {}};
  for (const auto& x : queues) { // several may have one name
    auto& sum = series.at(x.name);
    sum.delivered += x.delivered;
    sum.lost += x.lost;
    sum.depth += x.depth;
  }
  to.counter("subscriber_events_delivered", "Events given to a subscriber.");
  for (const auto& [name, x] : series)
    to.sample({{"subscriber", name}}, x.delivered);
  to.counter("subscriber_events_lost", "Events for which it had no place.");
  for (const auto& [name, x] : series)
    to.sample({{"subscriber", name}}, x.lost);
  to.gauge("subscriber_queue_depth", "Events that wait for a subscriber.");
  for (const auto& [name, x] : series)
    to.sample({{"subscriber", name}}, x.depth);
}

void event_metrics::write_failures(exposition& to) const {
  to.counter("subscriber_failures", "Callbacks that threw.");
  for (const auto& [name, x] : subscriber_failures_)
    to.sample({{"subscriber", name}}, x);
  to.counter("runtime_failures", "Failures of taskvisor itself.");
  for (const auto& [name, x] : runtime_failures_)
    to.sample({{"component", name}}, x);
}

} // namespace taskvisor::detail
