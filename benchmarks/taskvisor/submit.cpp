// The controller: submissions to slots.
#include "world.hpp"

#include "taskvisor/controller/controller.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

tv::controller attach(world& w, std::size_t queue) {
  auto config = tv::controller_config{}.with_max_slot_queue(queue);
  auto attached = tv::controller::attach(w.handle, config);
  require(static_cast<bool>(attached), "no controller was attached");
  return *attached;
}

tv::admission_policy policy_of(const options& opts) {
  auto name = opts.one_of("policy", {"queue", "replace", "drop"});
  if (name == "queue")
    return tv::admission_policy::queue;
  return name == "replace" ? tv::admission_policy::replace
                           : tv::admission_policy::drop_if_running;
}

/// When each submission was made and how long it took to start, if it did.
struct submit_log {
  explicit submit_log(std::size_t n)
    : submitted(n), started(n, std::chrono::nanoseconds{-1}), ended(n) {}

  std::vector<steady::time_point> submitted;
  std::vector<std::chrono::nanoseconds> started;
  std::atomic<std::size_t> completed{0};
  std::atomic<std::size_t> given_up{0};
  countdown ended;

  void on_end(const caf::expected<tv::outcome>& x) {
    if (x && x->is_success())
      completed.fetch_add(1, std::memory_order_relaxed);
    else if (x)
      given_up.fetch_add(1, std::memory_order_relaxed);
    ended.arrive();
  }
};

tv::task_spec logged(submit_log& log, std::size_t i) {
  auto body = [&log, i](tv::task_context&) -> tv::attempt {
    log.started[i] = steady::now() - log.submitted[i];
    co_return;
  };
  return tv::task_spec::once(name_of(i), body);
}

measurement submit(const options& opts) {
  auto n = opts.n();
  auto slots = std::max<std::size_t>(opts.number("slots", 1000), 1);
  auto policy = policy_of(opts);
  submit_log log{n};
  world w{opts};
  auto ctrl = attach(w, n);
  section timed;
  for (std::size_t i = 0; i < n; ++i) {
    log.submitted[i] = steady::now();
    ctrl
      .submit_and_watch(tv::submission{policy, logged(log, i)}.with_slot(
        fmt::format("s{}", i % slots)))
      .then_call([&log](caf::expected<tv::watched_task> x) {
        if (x)
          std::move(x->ended).then_call(
            [&log](const caf::expected<tv::outcome>& y) { log.on_end(y); });
        else
          log.ended.arrive();
      });
  }
  log.ended.wait();
  auto result = timed.end(n);
  require_count(log.completed + log.given_up, n, "outcomes");
  if (policy == tv::admission_policy::queue)
    require_count(log.completed, n, "completed");
  std::erase_if(log.started, [](auto x) { return x.count() < 0; });
  require(log.started.size() >= log.completed, "one ended without a start");
  result.latency = summarize(std::move(log.started));
  return result;
}

/// One submission to each of n slots; returns when all were decided.
void fill(const tv::controller& ctrl, std::size_t n, const char* prefix) {
  std::vector<tv::pending<tv::task_id>> made;
  made.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    auto key = std::to_string(i);
    auto task = tv::task_spec::once(prefix + key, asleep);
    made.push_back(ctrl.submit(tv::submission::queue(task).with_slot(key)));
  }
  for (auto& x : made)
    require(static_cast<bool>(x.get()), "a submission was not taken");
  // The view is made after what came before it.
  require(static_cast<bool>(ctrl.snapshot().get()), "no view of the slots");
}

/// n submissions that wait, each behind the owner of its slot.
measurement waiting_submissions(const options& opts) {
  auto n = opts.n();
  world w{opts};
  auto ctrl = attach(w, 100);
  fill(ctrl, n, "owner");
  auto before = resident_bytes();
  section timed;
  fill(ctrl, n, "waits");
  auto result = timed.end(n);
  result.bytes_per_item = bytes_per_item(before, n);
  auto view = ctrl.snapshot().get();
  require_count(view->total_waiting(), n, "submissions that wait");
  return result;
}

/// n slots are filled and emptied again: what stays of them?
measurement idle_slots(const options& opts) {
  auto n = opts.n();
  world w{opts};
  auto ctrl = attach(w, 100);
  auto before = resident_bytes();
  fill(ctrl, n, "owner");
  section timed;
  std::vector<tv::pending<tv::slot_cleared>> cleared;
  cleared.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    cleared.push_back(ctrl.cancel_slot(std::to_string(i)));
  for (auto& x : cleared)
    require(static_cast<bool>(x.get()), "a slot was not cleared");
  auto result = timed.end(n);
  cleared = {};
  result.bytes_per_item = bytes_per_item(before, n);
  require(ctrl.snapshot().get()->empty(), "a slot is not idle");
  return result;
}

} // namespace

workloads submit_group() {
  return {{"submit", {"slots", "policy"}, submit, true},
          {"waiting_submissions", {}, waiting_submissions, false},
          {"idle_slots", {}, idle_slots, false}};
}

} // namespace bench
