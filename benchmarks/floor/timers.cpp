// A plain binary heap, and CAF's own clock.
#include "due.hpp"
#include "world.hpp"

#include <functional>
#include <queue>
#include <thread>
#include <utility>

namespace bench {

namespace {

/// n deadlines go into a heap, and out of it in their order.
measurement timer_queue(const options& opts) {
  using entry = std::pair<std::int64_t, std::uint64_t>;
  auto n = opts.n();
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue;
  std::uint64_t sum = 0;
  section timed;
  for (std::size_t i = 0; i < n; ++i)
    queue.emplace(due_of(i, n), i);
  for (; !queue.empty(); queue.pop())
    sum += queue.top().second;
  auto result = timed.end(n);
  require_count(sum, n * (n - 1) / 2, "the sum of what fired");
  return result;
}

/// CAF 1.x sorts all deadlines whenever one is set.
void check_clock(std::size_t n) {
  if (TASKVISOR_CAF_1 && n > 10'000)
    throw absent{"CAF 1.x takes quadratic time for its timers"};
}

/// Sets a deadline of a day and waits, and is woken to its end before.
struct with_deadline : caf::event_based_actor {
  with_deadline(caf::actor_config& cfg, caf::actor to, countdown& all)
    : caf::event_based_actor(cfg), owner(std::move(to)), ready(all) {}

  caf::behavior make_behavior() override {
    delayed_anon_send(caf::actor{this}, 24h, ended{});
    ready.arrive();
    return {
      [this](const go& x) {
        post(owner, ended{x.index});
        quit();
      },
      [](const ended&) {},
    };
  }

  void on_exit() override { owner = nullptr; }

  caf::actor owner;
  countdown& ready;
};

measurement timers(const options& opts) {
  auto n = opts.n();
  opts.one_of("kind", {"backoff", "timeout"});
  check_clock(n);
  countdown over{n};
  countdown ready{n};
  world w{opts};
  std::vector<caf::actor> all;
  all.reserve(n);
  section timed;
  auto owner = w.system.spawn<end_counter>(std::ref(over));
  for (std::size_t i = 0; i < n; ++i)
    all.push_back(w.system.spawn<with_deadline>(owner, std::ref(ready)));
  ready.wait();
  for (std::uint64_t i = 0; i < n; ++i)
    post(all[i], go{i});
  over.wait();
  auto result = timed.end(n);
  kill(owner);
  return result;
}

constexpr auto spread = 5s;

struct sleep_log {
  explicit sleep_log(std::size_t n) : ready(n), woken(n), late(n) {}

  countdown ready;
  countdown woken;
  steady::time_point begin;
  std::vector<std::chrono::nanoseconds> late;
};

/// Told to go, sleeps until its deadline.
struct sleeps_until : caf::event_based_actor {
  sleeps_until(caf::actor_config& cfg, sleep_log& x, std::size_t i)
    : caf::event_based_actor(cfg), log(x), index(i) {}

  caf::behavior make_behavior() override {
    log.ready.arrive();
    return {
      [this](const go&) {
        due = log.begin
              + std::chrono::nanoseconds{spread} * index / log.late.size();
        scheduled_anon_send(caf::actor{this}, due, ended{});
      },
      [this](const ended&) {
        log.late[index] = steady::now() - due;
        log.woken.arrive();
        quit();
      },
    };
  }

  sleep_log& log;
  std::size_t index;
  steady::time_point due;
};

/// Never gives its worker back while the others sleep.
caf::behavior keeps_a_worker(caf::event_based_actor*,
                             const std::atomic<bool>* stop) {
  while (!*stop) {
    // computes
  }
  return {};
}

measurement timer_accuracy(const options& opts) {
  auto n = opts.n();
  check_clock(n);
  if (opts.workers() == 1)
    throw absent{"the only worker is busy"};
  sleep_log log{n};
  std::atomic<bool> stop{false};
  world w{opts};
  std::vector<caf::actor> all;
  all.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    all.push_back(w.system.spawn<sleeps_until>(std::ref(log), i));
  log.ready.wait();
  section timed;
  log.begin = steady::now();
  w.system.spawn(keeps_a_worker, &stop);
  for (const auto& x : all)
    post(x, go{});
  log.woken.wait();
  auto result = timed.end(n);
  stop = true;
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
