#include "event_metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>
#include <sstream>
#include <string>

using namespace std::chrono_literals;
using namespace taskvisor;
using detail::event_metrics;
using enum event_kind;

namespace {

/// Feeds events, at times that the test sets, and reads what is printed.
/// As the supervisor publishes it.
std::optional<task_state> state_after(event_kind kind) {
  switch (kind) {
    case task_added:
      return task_state::starting;
    case attempt_starting:
      return task_state::running;
    case attempt_succeeded:
    case attempt_canceled:
    case attempt_failed:
    case attempt_timed_out:
    case task_state_changed:
      return task_state::ended;
    case backoff_scheduled:
      return task_state::backing_off;
    case attempt_stuck:
      return task_state::stuck;
    default:
      return std::nullopt;
  }
}

struct fixture {
  metrics_options options;
  std::optional<event_metrics> metrics;
  duration now{0};
  std::vector<queue_report> queues;

  event make(event_kind kind, std::string name, task_id id) {
    event x;
    x.kind = kind;
    x.task = std::move(name);
    x.id = id;
    x.at = std::chrono::system_clock::time_point{now};
    x.state = state_after(kind);
    return x;
  }

  void feed(const event& x) {
    if (!metrics)
      metrics.emplace(options);
    metrics->apply(x);
  }

  void feed(event_kind kind, std::string name = {}, task_id id = {}) {
    feed(make(kind, std::move(name), id));
  }

  void start(const std::string& name, task_id id, std::uint32_t attempt) {
    auto x = make(attempt_starting, name, id);
    x.attempt = attempt;
    feed(x);
  }

  void end(event_kind kind, const std::string& name, task_id id,
           duration elapsed = 0ns) {
    auto x = make(kind, name, id);
    x.elapsed = elapsed;
    feed(x);
  }

  void back_off(const std::string& name, task_id id, backoff_source source) {
    auto x = make(backoff_scheduled, name, id);
    x.source = source;
    if (source == backoff_source::success)
      x.state = task_state::waiting_for_interval;
    feed(x);
  }

  void finish(const std::string& name, task_id id, outcome_kind outcome) {
    auto x = make(task_finished, name, id);
    x.outcome = outcome;
    feed(x);
    feed(task_removed, name, id);
  }

  void begin(const std::string& slot, task_id id, duration queued) {
    auto x = make(controller_submitted, slot, id);
    x.queued = queued;
    feed(x);
  }

  void reject(const std::string& slot, task_id id, rejection why) {
    auto x = make(controller_rejected, slot, id);
    x.rejected = why;
    feed(x);
  }

  std::string text(metrics_format format = metrics_format::prometheus) {
    if (!metrics)
      metrics.emplace(options);
    return metrics->text(format, queues);
  }

  /// What stands behind the series, `none` if it is not there.
  std::string value(const std::string& series) {
    std::istringstream lines{text()};
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("taskvisor_" + series + " "))
        return line.substr(line.rfind(' ') + 1);
    return "none";
  }

  std::size_t count(std::string_view part) {
    std::size_t result = 0;
    auto all = text();
    for (auto i = all.find(part); i != all.npos; i = all.find(part, i + 1))
      ++result;
    return result;
  }

  /// `waiting running backing_off waiting_for_interval stuck ended`.
  std::string states(const std::string& task) {
    std::string result;
    for (auto state : {"starting", "running", "backing_off",
                       "waiting_for_interval", "stuck", "ended"})
      result += value("tasks{task=\"" + task + "\",state=\"" + state + "\"}");
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_metrics_test, fixture)

BOOST_AUTO_TEST_CASE(every_event_is_counted_by_its_kind) {
  feed(task_add_requested, "a", task_id::next());
  feed(state_dump);
  feed(state_dump);
  BOOST_TEST(value("events_total{event=\"task_add_requested\"}") == "1");
  BOOST_TEST(value("events_total{event=\"state_dump\"}") == "2");
  BOOST_TEST(value("events_total{event=\"task_removed\"}") == "0");
  feed(static_cast<event_kind>(77), "a");
  BOOST_TEST(count("# EOF") == 0u);
}

BOOST_AUTO_TEST_CASE(a_task_is_in_one_state_at_a_time) {
  auto id = task_id::next();
  feed(task_added, "a", id);
  BOOST_TEST(states("a") == "100000");
  start("a", id, 1);
  BOOST_TEST(states("a") == "010000");
  end(attempt_failed, "a", id);
  BOOST_TEST(states("a") == "000001");
  back_off("a", id, backoff_source::failure);
  BOOST_TEST(states("a") == "001000");
  start("a", id, 2);
  end(attempt_succeeded, "a", id);
  back_off("a", id, backoff_source::success);
  BOOST_TEST(states("a") == "000100");
  start("a", id, 3);
  feed(attempt_stuck, "a", id);
  BOOST_TEST(states("a") == "000010");
  feed(task_state_changed, "a", id); // when it returns after all
  auto x = make(task_finished, "a", id);
  x.outcome = outcome_kind::force_aborted;
  feed(x);
  BOOST_TEST(states("a") == "000001");
  feed(task_removed, "a", id);
  BOOST_TEST(states("a") == "000000");
}

BOOST_AUTO_TEST_CASE(attempts_and_restarts_are_counted_by_what_they_were) {
  auto id = task_id::next();
  feed(task_added, "a", id);
  start("a", id, 1);
  end(attempt_failed, "a", id);
  start("a", id, 2);
  end(attempt_timed_out, "a", id);
  start("a", id, 3);
  end(attempt_succeeded, "a", id);
  start("a", id, 4);
  end(attempt_canceled, "a", id);
  finish("a", id, outcome_kind::canceled);
  BOOST_TEST(value("attempts_started_total{task=\"a\"}") == "4");
  for (auto result : {"succeeded", "failed", "canceled", "timed_out"})
    BOOST_TEST(value("attempts_ended_total{task=\"a\",result=\""
                     + std::string{result} + "\"}")
               == "1");
  BOOST_TEST(value("restarts_total{task=\"a\",after=\"failure\"}") == "2");
  BOOST_TEST(value("restarts_total{task=\"a\",after=\"success\"}") == "1");
  BOOST_TEST(value("outcomes_total{task=\"a\",outcome=\"canceled\"}") == "1");
  BOOST_TEST(value("outcomes_total{task=\"a\",outcome=\"failed\"}") == "0");
}

BOOST_AUTO_TEST_CASE(a_refused_task_counts_as_rejected) {
  feed(task_add_failed, "a", task_id::next());
  BOOST_TEST(value("outcomes_total{task=\"a\",outcome=\"rejected\"}") == "1");
  BOOST_TEST(states("a") == "000000");
}

BOOST_AUTO_TEST_CASE(durations_fall_into_cumulative_buckets) {
  options.buckets = {0.1, 1};
  auto id = task_id::next();
  for (auto elapsed : {50ms, 100ms, 101ms, 5000ms})
    end(attempt_succeeded, "a", id, elapsed);
  auto bucket = [this](std::string bound) {
    return value("attempt_duration_seconds_bucket{task=\"a\",le=\"" + bound
                 + "\"}");
  };
  BOOST_TEST(bucket("0.1") == "2");
  BOOST_TEST(bucket("1.0") == "3");
  BOOST_TEST(bucket("+Inf") == "4");
  BOOST_TEST(value("attempt_duration_seconds_count{task=\"a\"}") == "4");
  BOOST_TEST(value("attempt_duration_seconds_sum{task=\"a\"}") == "5.251");
}

BOOST_AUTO_TEST_CASE(the_delay_of_a_restart_lasts_from_failure_to_start) {
  auto id = task_id::next();
  start("a", id, 1);
  now = 10s;
  end(attempt_failed, "a", id);
  now = 12s;
  start("a", id, 2);
  now = 15s;
  end(attempt_succeeded, "a", id);
  now = 20s;
  start("a", id, 3); // after a success: no delay of a restart
  BOOST_TEST(value("restart_delay_seconds_count{task=\"a\"}") == "1");
  BOOST_TEST(value("restart_delay_seconds_sum{task=\"a\"}") == "2");
  end(attempt_timed_out, "a", id);
  now = 19s; // somebody set the clock back
  start("a", id, 4);
  BOOST_TEST(value("restart_delay_seconds_count{task=\"a\"}") == "2");
  BOOST_TEST(value("restart_delay_seconds_sum{task=\"a\"}") == "2");
}

BOOST_AUTO_TEST_CASE(a_submission_is_queued_until_it_owns_its_slot) {
  auto owner = task_id::next();
  auto next = task_id::next();
  begin("lane", owner, 0s);
  BOOST_TEST(value("submissions_queued{slot=\"lane\"}") == "0");
  feed(controller_submitted, "lane", next);
  feed(controller_submitted, "lane", task_id::next());
  BOOST_TEST(value("submissions_queued{slot=\"lane\"}") == "2");
  begin("lane", next, 3s);
  BOOST_TEST(value("submissions_queued{slot=\"lane\"}") == "1");
  BOOST_TEST(value("submission_wait_seconds_count{slot=\"lane\"}") == "2");
  BOOST_TEST(value("submission_wait_seconds_sum{slot=\"lane\"}") == "3");
}

BOOST_AUTO_TEST_CASE(what_is_registered_is_not_queued_though_events_were_lost) {
  auto id = task_id::next();
  feed(controller_submitted, "lane", id);
  feed(task_added, "job", id);
  BOOST_TEST(value("submissions_queued{slot=\"lane\"}") == "0");
}

BOOST_AUTO_TEST_CASE(a_rejected_submission_waits_no_more) {
  auto purged = task_id::next();
  auto refused = task_id::next();
  feed(controller_submitted, "lane", purged);
  feed(controller_submitted, "lane", refused);
  reject("lane", purged, rejection::removed_from_queue);
  feed(task_add_failed, "job", refused);
  reject("lane", task_id::next(), rejection::slot_busy);
  feed(controller_slot_transition, "lane");
  BOOST_TEST(value("submissions_queued{slot=\"lane\"}") == "0");
  BOOST_TEST(value("submission_wait_seconds_count{slot=\"lane\"}") == "0");
  auto rejected = [this](std::string why) {
    return value("submissions_rejected_total{slot=\"lane\",reason=\"" + why
                 + "\"}");
  };
  BOOST_TEST(rejected("removed_from_queue") == "1");
  BOOST_TEST(rejected("slot_busy") == "1");
  BOOST_TEST(rejected("queue_full") == "0");
}

BOOST_AUTO_TEST_CASE(names_are_grouped_and_capped) {
  options.max_label_values = 2;
  options.task_group = [](std::string_view name) {
    return std::string{name.substr(0, name.find('-'))};
  };
  for (auto name : {"a-1", "a-2", "b-1", "c-1", "d-1", "other-1", "a-3"})
    feed(task_added, name, task_id::next());
  auto waiting = [this](std::string task) {
    return value("tasks{task=\"" + task + "\",state=\"starting\"}");
  };
  BOOST_TEST(waiting("a") == "3");
  BOOST_TEST(waiting("b") == "1");
  BOOST_TEST(waiting("c") == "none");
  BOOST_TEST(waiting("other") == "3");
  BOOST_TEST(count("taskvisor_attempts_started_total{task=") == 3u);
}

BOOST_AUTO_TEST_CASE(a_group_called_other_takes_no_place) {
  options.max_label_values = 1;
  for (auto name : {"other", "a", "b"})
    feed(task_added, name, task_id::next());
  BOOST_TEST(value("tasks{task=\"other\",state=\"starting\"}") == "2");
  BOOST_TEST(value("tasks{task=\"a\",state=\"starting\"}") == "1");
}

BOOST_AUTO_TEST_CASE(a_million_names_do_not_make_a_million_series) {
  options.max_label_values = 10;
  options.max_tracked = 100;
  for (int i = 0; i < 100'000; ++i) {
    feed(task_added, std::to_string(i), task_id::next());
    feed(controller_submitted, std::to_string(i), task_id::next());
  }
  BOOST_TEST(count("taskvisor_attempts_started_total{") == 11u);
  BOOST_TEST(count("taskvisor_submissions_queued{") == 11u);
  // The oldest are forgotten, gauges tell what is left.
  BOOST_TEST(value("tasks{task=\"other\",state=\"starting\"}") == "100");
  BOOST_TEST(value("tasks{task=\"0\",state=\"starting\"}") == "0");
  BOOST_TEST(value("submissions_queued{slot=\"other\"}") == "100");
}

BOOST_AUTO_TEST_CASE(label_values_are_escaped_and_stay_distinct_series) {
  feed(task_added, "a\"\\\n\xff", task_id::next());
  feed(task_added, "a\"\\\n\xfe", task_id::next()); // looks the same
  BOOST_TEST(
    value("tasks{task=\"a\\\"\\\\\\n\xef\xbf\xbd\",state=\"starting\"}")
    == "2");
  BOOST_TEST(count("taskvisor_attempts_started_total{") == 1u);
}

BOOST_AUTO_TEST_CASE(a_snapshot_sets_the_gauge_right) {
  auto stays = task_id::next();
  auto gone = task_id::next();
  feed(task_added, "a", stays);
  feed(task_added, "b", gone);
  state_snapshot present;
  task_info info;
  info.id = stays;
  info.name = "a";
  info.state = task_state::backing_off;
  present.tasks.push_back(info);
  info.id = task_id::next();
  info.name = "c";
  info.state = task_state::running;
  present.tasks.push_back(info);
  metrics->apply(present);
  BOOST_TEST(states("a") == "001000");
  BOOST_TEST(states("b") == "000000");
  BOOST_TEST(states("c") == "010000");
}

BOOST_AUTO_TEST_CASE(a_late_subscriber_learns_of_tasks_from_what_they_do) {
  auto id = task_id::next();
  end(attempt_failed, "a", id);
  BOOST_TEST(states("a") == "000001");
  start("b", task_id::next(), 7);
  BOOST_TEST(states("b") == "010000");
  finish("a", id, outcome_kind::failed);
  finish("c", task_id::next(), outcome_kind::completed); // never seen before
  BOOST_TEST(states("a") == "000000");
  BOOST_TEST(states("c") == "000000");
  BOOST_TEST(value("outcomes_total{task=\"c\",outcome=\"completed\"}") == "1");
}

BOOST_AUTO_TEST_CASE(failures_and_losses_are_told_by_name) {
  feed(subscriber_panicked, "audit");
  feed(subscriber_overflow, "audit");
  feed(runtime_failure, "registry");
  queues = {
    {"audit", 10, 4, 100, 7}, {"log", 10, 0, 5, 0}, {"log", 10, 1, 5, 2}};
  BOOST_TEST(value("subscriber_failures_total{subscriber=\"audit\"}") == "1");
  BOOST_TEST(value("runtime_failures_total{component=\"registry\"}") == "1");
  BOOST_TEST(value("subscriber_events_lost_total{subscriber=\"audit\"}")
             == "7");
  BOOST_TEST(value("subscriber_events_lost_total{subscriber=\"log\"}") == "2");
  BOOST_TEST(value("subscriber_queue_depth{subscriber=\"log\"}") == "1");
  BOOST_TEST(value("subscriber_events_delivered_total{subscriber=\"log\"}")
             == "10");
}

BOOST_AUTO_TEST_CASE(a_shutdown_or_its_verdict_means_stopping) {
  for (auto kind :
       {shutdown_requested, all_stopped_within_grace, grace_exceeded}) {
    metrics.emplace(options);
    feed(state_dump);
    feed(task_added, "a", task_id::next());
    BOOST_TEST(!metrics->stopping());
    feed(kind);
    BOOST_TEST(metrics->stopping());
  }
}

BOOST_AUTO_TEST_CASE(the_two_formats_differ_where_they_must) {
  auto prometheus = text(metrics_format::prometheus);
  auto open = text(metrics_format::openmetrics);
  BOOST_TEST(prometheus.find("# TYPE taskvisor_events_total counter\n")
             != std::string::npos);
  BOOST_TEST(open.find("# TYPE taskvisor_events counter\n")
             != std::string::npos);
  auto sample = "\ntaskvisor_events_total{event=\"task_added\"} 0\n";
  BOOST_TEST(prometheus.find(sample) != std::string::npos);
  BOOST_TEST(open.find(sample) != std::string::npos);
  BOOST_TEST(open.ends_with("\n# EOF\n"));
}

BOOST_AUTO_TEST_CASE(any_sequence_of_events_leaves_gauges_that_add_up) {
  options.max_tracked = 50;
  std::mt19937 random{5};
  std::vector<task_id> ids;
  for (int i = 0; i < 100; ++i)
    ids.push_back(task_id::next());
  for (int i = 0; i < 20'000; ++i) {
    auto kind = static_cast<event_kind>(random() % 24);
    auto id = ids[random() % ids.size()];
    feed(kind, std::string(1, static_cast<char>('a' + random() % 5)), id);
  }
  for (auto id : ids)
    feed(task_removed, "a", id);
  for (auto id : ids)
    reject("a", id, rejection::removed_from_queue);
  for (auto name : {"a", "b", "c", "d", "e"}) {
    BOOST_TEST(states(name) == "000000");
    BOOST_TEST(value(std::string{"submissions_queued{slot=\""} + name + "\"}")
               == "0");
  }
}

BOOST_AUTO_TEST_SUITE_END()
