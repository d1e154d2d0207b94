// What it costs to be watched, and whether those who are slow cost others.
#include "world.hpp"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

namespace {

tv::event sample() {
  tv::event x;
  x.kind = tv::event_kind::attempt_starting;
  x.task = "a task of usual length";
  return x;
}

measurement fan_out(const options& opts) {
  auto n = opts.n();
  world w{opts};
  counting_subscribers seen{w.sup, opts.number("subscribers", 1), n};
  section timed;
  for (std::size_t i = 0; i < n; ++i)
    w.sup.events().publish(sample());
  seen.wait();
  auto result = timed.end(n);
  result.lost = 0; // wait() has looked
  return result;
}

void attach_slow(tv::supervisor& sup, std::string name,
                 tv::event_callback callback) {
  auto attached = tv::attach_subscriber(
    sup.system(), sup.shared_events(),
    {.name = std::move(name), .capacity = 16, .blocking = true},
    std::move(callback));
  require(static_cast<bool>(attached), "a subscriber was refused");
}

void run_instant_tasks(const tv::supervisor_handle& handle, std::size_t n) {
  std::vector<tv::pending<tv::watched_task>> added;
  added.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    added.push_back(
      handle.add_and_watch(tv::task_spec::once(name_of(i), instant)));
  for (auto& x : added) {
    auto task = x.get();
    require(task && task->ended.get(), "a task has no outcome");
  }
}

/// Instant tasks beside two subscribers: one that never returns and one that
/// sleeps, or two quick ones.
measurement hostile_subscribers(const options& opts) {
  auto hostile = opts.one_of("hostile", {"yes", "no"}) == "yes";
  std::atomic<bool> released{!hostile};
  world w{opts};
  attach_slow(w.sup, "stuck",
              [&released](const tv::event&) { released.wait(false); });
  attach_slow(w.sup, "sleeps", [&released](const tv::event&) {
    if (!released)
      std::this_thread::sleep_for(1ms);
  });
  section timed;
  run_instant_tasks(w.handle, opts.n());
  auto result = timed.end(opts.n());
  released = true;
  released.notify_all();
  return result;
}

} // namespace

workloads fan_out_group() {
  return {{"fan_out", {"subscribers"}, fan_out, false},
          {"hostile_subscribers", {"hostile"}, hostile_subscribers, false}};
}

} // namespace bench
