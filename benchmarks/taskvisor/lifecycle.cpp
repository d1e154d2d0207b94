// Tasks that run once: added, run, outcome, gone.
#include "world.hpp"

#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

tv::task_spec one_shot(std::size_t i) {
  return tv::task_spec::once(name_of(i), instant);
}

measurement by_handle(const options& opts) {
  auto n = opts.n();
  world w{opts};
  counting_subscribers seen{w.sup, opts.number("subscribers", 0),
                            n * events_of_one_shot};
  section timed;
  std::vector<tv::pending<tv::watched_task>> added;
  added.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    added.push_back(w.handle.add_and_watch(one_shot(i)));
  for (auto& x : added) {
    auto task = x.get();
    require(static_cast<bool>(task), "a task was not added");
    auto end = task->ended.get();
    require(end && end->is_success(), "a task did not complete");
  }
  seen.wait();
  return timed.end(n);
}

measurement by_run(const options& opts) {
  auto n = opts.n();
  tv::supervisor sup{configured(opts)};
  // Beyond the tasks' own events, the shutdown says two things.
  counting_subscribers seen{sup, opts.number("subscribers", 0),
                            n * events_of_one_shot};
  section timed;
  std::vector<tv::task_spec> specs;
  specs.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    specs.push_back(one_shot(i));
  auto result = sup.run(std::move(specs));
  seen.wait();
  auto done = timed.end(n);
  require_count(result.count(tv::outcome_kind::completed), n, "completed");
  return done;
}

measurement batch(const options& opts) {
  return opts.one_of("api", {"handle", "run"}) == "run" ? by_run(opts)
                                                        : by_handle(opts);
}

measurement window(const options& opts) {
  constexpr std::size_t outstanding = 1000;
  auto n = opts.n();
  world w{opts};
  counting_subscribers seen{w.sup, opts.number("subscribers", 0),
                            n * events_of_one_shot};
  semaphore credits{outstanding};
  std::atomic<std::size_t> completed{0};
  auto on_end = [&](const caf::expected<tv::outcome>& x) {
    if (x && x->is_success())
      completed.fetch_add(1, std::memory_order_relaxed);
    credits.post();
  };
  section timed;
  for (std::size_t i = 0; i < n; ++i) {
    credits.wait();
    w.handle.add_and_watch(one_shot(i))
      .then_call([&](caf::expected<tv::watched_task> x) {
        if (x)
          std::move(x->ended).then_call(on_end);
        else
          credits.post();
      });
  }
  for (std::size_t i = 0; i < outstanding; ++i)
    credits.wait();
  seen.wait();
  auto result = timed.end(n);
  require_count(completed, n, "completed");
  return result;
}

measurement single(const options& opts) {
  auto n = opts.n();
  world w{opts};
  std::vector<std::chrono::nanoseconds> samples;
  samples.reserve(n);
  section timed;
  for (std::size_t i = 0; i < n; ++i) {
    auto begin = steady::now();
    auto task = w.handle.add_and_watch(one_shot(i)).get();
    require(static_cast<bool>(task), "a task was not added");
    auto end = task->ended.get();
    samples.push_back(steady::now() - begin);
    require(end && end->is_success(), "a task did not complete");
  }
  auto result = timed.end(n);
  result.latency = summarize(std::move(samples));
  return result;
}

} // namespace

workloads lifecycle_group() {
  return {{"lifecycle_batch", {"subscribers", "api"}, batch, true},
          {"lifecycle_window", {"subscribers"}, window, true},
          {"lifecycle_single", {}, single, true}};
}

} // namespace bench
