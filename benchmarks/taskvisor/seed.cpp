// The cases of the Rust crate's own benchmarks, with its sizes. One process
// takes all samples of a case, each with a supervisor of its own, and gives
// the median. n is the case's parameter.
#include "sampling.hpp"
#include "seed_controller.hpp"
#include "world.hpp"

#include <utility>
#include <vector>

namespace bench {

namespace {

tv::supervisor_config seed_config(const options& opts) {
  return tv::supervisor_config{}.with_grace(5s).with_worker_threads(
    opts.workers());
}

/// The wrapping additions that the seed calls work.
auto working(std::size_t additions) {
  return [additions](tv::task_context&) -> tv::attempt {
    volatile std::uint64_t sum = 0;
    for (std::size_t i = 0; i < additions; ++i)
      sum = sum + i;
    co_return;
  };
}

/// One `run`: start, attempts, cleanup, the full shutdown, the drain of
/// subscribers.
measurement one_run(const options& opts, std::size_t subscribers,
                    std::vector<tv::task_spec> specs) {
  auto n = specs.size();
  std::vector<std::size_t> seen(subscribers);
  tv::supervisor sup{seed_config(opts)};
  sup.system(); // made before the time is taken
  for (auto& x : seen)
    require(static_cast<bool>(tv::attach_subscriber(
              sup.system(), sup.shared_events(), {.capacity = 16384},
              [&x](const tv::event&) { ++x; })),
            "a subscriber was refused");
  section timed;
  auto ended = sup.run(std::move(specs));
  auto result = timed.end(n);
  require_count(ended.count(tv::outcome_kind::completed), n, "completed");
  for (auto x : seen)
    require(x >= n * events_of_one_shot, "an event was lost");
  return result;
}

std::vector<tv::task_spec> tasks(std::size_t n, auto body) {
  std::vector<tv::task_spec> specs;
  specs.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    specs.push_back(tv::task_spec::once(name_of(i), body));
  return specs;
}

measurement lifecycle_instant(const options& opts) {
  return median_of(50, [&] { return one_run(opts, 0, tasks(1, instant)); });
}

measurement lifecycle_with_work(const options& opts) {
  return median_of(
    30, [&] { return one_run(opts, 0, tasks(1, working(opts.n()))); });
}

measurement throughput_batch(const options& opts) {
  return median_of(20,
                   [&] { return one_run(opts, 1, tasks(opts.n(), instant)); });
}

measurement throughput_batch_work(const options& opts) {
  return median_of(
    15, [&] { return one_run(opts, 0, tasks(opts.n(), working(1000))); });
}

/// n instant tasks, 100 in the seed.
measurement fanout_subs(const options& opts) {
  return median_of(20, [&] {
    return one_run(opts, opts.number("subscribers", 0),
                   tasks(opts.n(), instant));
  });
}

tv::attempt until_stopped(tv::task_context& ctx) {
  co_await ctx.until_stopped();
}

measurement dynamic_add(const options& opts) {
  return median_of(50, [&] {
    world w{opts, seed_config(opts)};
    section timed;
    for (std::size_t i = 0; i < opts.n(); ++i)
      require(static_cast<bool>(
                w.handle.add(tv::task_spec::once(name_of(i), instant)).get()),
              "a task was not added");
    return timed.end(opts.n());
  });
}

measurement dynamic_add_cancel(const options& opts) {
  return median_of(30, [&] {
    world w{opts, seed_config(opts)};
    section timed;
    for (std::size_t i = 0; i < opts.n(); ++i) {
      auto id =
        w.handle.add(tv::task_spec::once(name_of(i), until_stopped)).get();
      require(static_cast<bool>(id), "a task was not added");
      auto claimed = w.handle.cancel(*id).get();
      require(claimed && *claimed, "a task was not canceled");
    }
    return timed.end(opts.n());
  });
}

void add_workers(const world& w, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    require(
      static_cast<bool>(
        w.handle.add(tv::task_spec::once(name_of(i), until_stopped)).get()),
      "a task was not added");
}

measurement dynamic_list(const options& opts) {
  constexpr std::size_t times = 100;
  return median_of(30, [&] {
    world w{opts, seed_config(opts)};
    add_workers(w, opts.n());
    section timed;
    for (std::size_t i = 0; i < times; ++i) {
      auto all = w.handle.list().get();
      require(all && all->size() == opts.n(), "a task is missing");
    }
    return timed.end(times);
  });
}

measurement dynamic_churn(const options& opts) {
  return median_of(15, [&] {
    world w{opts, seed_config(opts)};
    section timed;
    add_workers(w, opts.n());
    auto report = w.handle.shutdown().get();
    auto result = timed.end(opts.n());
    require(report && report->within_grace(), "the shutdown had to force");
    return result;
  });
}

} // namespace

workloads seed_group() {
  workloads all{
    {"seed_lifecycle_instant", {}, lifecycle_instant, false},
    {"seed_lifecycle_with_work", {}, lifecycle_with_work, false},
    {"seed_throughput_batch", {}, throughput_batch, false},
    {"seed_throughput_batch_work", {}, throughput_batch_work, false},
    {"seed_fanout_subs", {"subscribers"}, fanout_subs, false},
    {"seed_dynamic_add", {}, dynamic_add, false},
    {"seed_dynamic_add_cancel", {}, dynamic_add_cancel, false},
    {"seed_dynamic_list", {}, dynamic_list, false},
    {"seed_dynamic_churn", {}, dynamic_churn, false},
  };
  auto more = seed_controller_group();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace bench
