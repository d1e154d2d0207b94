// Many deadlines, and how late they are.
#include "due.hpp"
#include "gate.hpp"
#include "timer_queue.hpp"
#include "world.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>
#include <vector>

namespace bench {

namespace {

/// The structure alone: n deadlines are armed, then all of them fire.
measurement timer_queue(const options& opts) {
  auto n = opts.n();
  tv::detail::timer_queue<std::uint64_t> queue;
  std::uint64_t sum = 0;
  section timed;
  for (std::size_t i = 0; i < n; ++i)
    queue.arm(due_of(i, n), i, i);
  while (auto due = queue.next_due())
    queue.pop_due(*due, [&sum](std::uint64_t, std::uint64_t&& x) { sum += x; });
  auto result = timed.end(n);
  require_count(sum, n * (n - 1) / 2, "the sum of what fired");
  return result;
}

tv::task_spec with_backoff(countdown& set, std::size_t i) {
  auto body = [&set](tv::task_context&) -> tv::attempt {
    set.arrive();
    throw std::runtime_error{"as asked"};
    co_return;
  };
  return tv::task_spec::restartable(name_of(i), body)
    .with_backoff(tv::backoff_policy::constant(24h));
}

tv::task_spec with_timeout(countdown& set, std::size_t i) {
  auto body = [&set](tv::task_context& ctx) -> tv::attempt {
    set.arrive();
    co_await ctx.until_stopped();
  };
  return tv::task_spec::once(name_of(i), body).with_timeout(24h);
}

/// n deadlines of a day are set, each by a task of its own, and go with it.
measurement timers(const options& opts) {
  auto n = opts.n();
  auto by_backoff = opts.one_of("kind", {"backoff", "timeout"}) == "backoff";
  countdown set{n};
  world w{opts};
  section timed;
  for (std::size_t i = 0; i < n; ++i)
    static_cast<void>(
      w.handle.add(by_backoff ? with_backoff(set, i) : with_timeout(set, i)));
  set.wait();
  auto report = w.handle.shutdown().get();
  auto result = timed.end(n);
  require(report && report->within_grace(), "the shutdown had to force");
  return result;
}

constexpr auto spread = 5s;

struct sleep_log {
  explicit sleep_log(std::size_t n) : way(n), ready(n), woken(n), late(n) {}

  gate way;
  countdown ready;
  countdown woken;
  steady::time_point begin;
  std::vector<std::chrono::nanoseconds> late;
};

tv::task_spec sleeps_until(sleep_log& log, std::size_t i, tv::duration due) {
  auto body = [&log, i, due](tv::task_context& ctx) -> tv::attempt {
    auto opened = log.way.wait();
    log.ready.arrive();
    co_await opened;
    auto until = log.begin + due;
    co_await ctx.sleep_for(until - steady::now());
    log.late[i] = steady::now() - until;
    log.woken.arrive();
  };
  return tv::task_spec::once(name_of(i), body);
}

/// Never gives its worker back while the others sleep.
tv::task_spec keeps_a_worker(const std::atomic<bool>& stop) {
  return tv::task_spec::once("busy", [&stop](tv::task_context&) {
    while (!stop) {
      // computes
    }
  });
}

measurement timer_accuracy(const options& opts) {
  auto n = opts.n();
  if (opts.workers() == 1)
    throw absent{"the only worker is busy"};
  sleep_log log{n};
  std::atomic<bool> stop{false};
  world w{opts};
  for (std::size_t i = 0; i < n; ++i)
    static_cast<void>(
      w.handle.add(sleeps_until(log, i, tv::duration{spread} * i / n)));
  log.ready.wait();
  section timed;
  log.begin = steady::now();
  static_cast<void>(w.handle.add(keeps_a_worker(stop)));
  log.way.open();
  log.woken.wait();
  auto result = timed.end(n);
  stop = true;
  require(*std::min_element(log.late.begin(), log.late.end()) >= 0ns,
          "a sleep ended too early");
  result.latency = summarize(std::move(log.late));
  return result;
}

} // namespace

workloads timers_group() {
  return {{"timer_queue", {}, timer_queue, false},
          {"timers", {"kind"}, timers, false},
          {"timer_accuracy", {}, timer_accuracy, false}};
}

} // namespace bench
