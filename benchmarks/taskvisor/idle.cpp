// Tasks that wait, and their end.
#include "world.hpp"

#include "taskvisor/supervisor/actor_task.hpp"

#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

namespace {

caf::behavior waits_for_messages(caf::event_based_actor*, countdown* ready) {
  ready->arrive();
  return {[](int) {}};
}

void add_actors(world& w, std::size_t n) {
  countdown ready{n};
  auto make = [&ready](caf::actor_system& sys) {
    return sys.spawn(waits_for_messages, &ready);
  };
  std::vector<tv::pending<tv::task_id>> added;
  added.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    added.push_back(
      w.handle.add(tv::task_spec::once(name_of(i), tv::actor_task(make))));
  for (auto& x : added)
    require(static_cast<bool>(x.get()), "a task was not added");
  ready.wait();
}

/// True when one task runs and all others wait for its permit.
bool all_wait(const std::vector<tv::task_info>& tasks) {
  auto count = [&](tv::task_state state) {
    return std::count_if(tasks.begin(), tasks.end(),
                         [state](const auto& x) { return x.state == state; });
  };
  auto waiting = count(tv::task_state::waiting_for_permit);
  return static_cast<std::size_t>(waiting) + 1 == tasks.size()
         && count(tv::task_state::running) == 1;
}

void add_permit_waiters(world& w, std::size_t n) {
  std::vector<tv::pending<tv::task_id>> added;
  added.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    added.push_back(w.handle.add(tv::task_spec::once(name_of(i), asleep)));
  for (auto& x : added)
    require(static_cast<bool>(x.get()), "a task was not added");
  for (;;) {
    auto tasks = w.handle.list().get();
    require(tasks && tasks->size() == n, "a task is missing");
    if (all_wait(*tasks))
      return;
    std::this_thread::sleep_for(1ms);
  }
}

measurement idle(const options& opts) {
  auto n = opts.n();
  auto body = opts.one_of("body", {"coroutine", "actor", "permit"});
  world w{opts, tv::supervisor_config{}.with_max_concurrent(body == "permit")};
  auto before = resident_bytes();
  section timed;
  if (body == "actor")
    add_actors(w, n);
  else if (body == "permit")
    add_permit_waiters(w, n);
  else
    w.add_sleepers(n);
  auto result = timed.end(n);
  result.bytes_per_item = bytes_per_item(before, n);
  return result;
}

bool droppable(const options& opts) {
  return opts.one_of("stops_by", {"throw", "drop"}) == "drop";
}

measurement shutdown(const options& opts) {
  world w{opts};
  w.add_sleepers(opts.n(), droppable(opts));
  section timed;
  auto report = w.handle.shutdown().get();
  auto result = timed.end(opts.n());
  require(report && report->within_grace(), "the shutdown had to force");
  return result;
}

std::vector<tv::watched_task> watch_sleepers(const world& w, std::size_t n,
                                             bool droppable) {
  std::vector<tv::pending<tv::watched_task>> added;
  added.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    added.push_back(w.handle.add_and_watch(once(i, asleep, droppable)));
  std::vector<tv::watched_task> tasks;
  tasks.reserve(n);
  for (auto& x : added) {
    auto task = x.get();
    require(static_cast<bool>(task), "a task was not added");
    tasks.push_back(std::move(*task));
  }
  return tasks;
}

measurement cancel(const options& opts) {
  auto n = opts.n();
  world w{opts};
  auto tasks = watch_sleepers(w, n, droppable(opts));
  section timed;
  for (const auto& x : tasks)
    static_cast<void>(w.handle.cancel(x.id));
  for (auto& x : tasks) {
    auto end = x.ended.get();
    require(end && end->kind == tv::outcome_kind::canceled,
            "a task was not canceled");
  }
  return timed.end(n);
}

} // namespace

workloads idle_group() {
  return {{"idle", {"body"}, idle, false},
          {"shutdown", {"stops_by"}, shutdown, false},
          {"cancel", {"stops_by"}, cancel, false}};
}

} // namespace bench
