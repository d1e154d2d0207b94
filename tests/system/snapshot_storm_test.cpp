#include "support/state_follower.hpp"

#include "taskvisor/subscribers/subscriber.hpp"
#include "taskvisor/supervisor/blocking.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

attempt fails_twice(task_context& ctx) {
  co_await ctx.sleep_for(1ms);
  if (ctx.attempt() < 3)
    throw fail{"again"};
}

attempt waits(task_context& ctx) {
  co_await ctx.sleep_for(1h);
}

task_spec random_spec(std::string name, unsigned draw) {
  switch (draw % 4) {
    case 0:
      return task_spec::restartable(std::move(name), fails_twice)
        .with_backoff(backoff_policy::constant(1ms));
    case 1:
      return task_spec::once(std::move(name), [](task_context&) {});
    case 2:
      return task_spec::once(std::move(name), blocking([] {}));
    default:
      return task_spec::once(std::move(name), waits);
  }
}

/// Adds and removes until it is told to end.
void churn(const supervisor_handle& handle, unsigned seed,
           const std::atomic<bool>& over) {
  std::mt19937 random{seed};
  while (!over) {
    auto name = "t" + std::to_string(random() % 50);
    if (random() % 3 == 0)
      static_cast<void>(handle.remove(name).get());
    else
      static_cast<void>(handle.add(random_spec(name, random())).get());
    if (random() % 100 == 0)
      handle.set_max_concurrent(static_cast<std::uint32_t>(random() % 3 * 20));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(snapshot_storm)

BOOST_AUTO_TEST_CASE(snapshots_and_events_agree_while_threads_change_tasks) {
  constexpr std::size_t wanted = 300;
  auto report = std::make_shared<test::follower_report>();
  std::atomic<bool> over{false};
  supervisor sup;
  auto handle = *sup.serve();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i)
    threads.emplace_back([&, i] { churn(handle, i, over); });
  {
    auto sink = caf::actor_cast<caf::strong_actor_ptr>(
      sup.system().spawn<test::state_follower>(report));
    sup.events().attach("follower", sink);
    for (std::size_t i = 0; i < wanted; ++i) {
      sup.events().request_state(sink);
      while (report->snapshots <= i)
        std::this_thread::yield();
    }
  }
  over = true;
  for (auto& x : threads)
    x.join();
  static_cast<void>(handle.shutdown().get());
  BOOST_TEST(report->difference == "");
  BOOST_TEST(report->compared_tasks > wanted);
}

BOOST_AUTO_TEST_CASE(a_slow_subscriber_that_makes_tasks_wait_loses_nothing) {
  constexpr std::size_t tasks = 2'000;
  for (auto max_wait : {duration{10s}, duration{0}}) {
    std::atomic<std::size_t> finished{0};
    supervisor sup;
    auto sub = attach_subscriber(
      sup.system(), sup.shared_events(),
      {.capacity = 16, .blocking = true, .max_wait = max_wait},
      [&](const event& x) {
        finished += x.kind == event_kind::task_finished;
        std::this_thread::sleep_for(10us);
      });
    auto handle = *sup.serve();
    std::vector<pending<watched_task>> added;
    for (std::size_t i = 0; i < tasks; ++i)
      added.push_back(handle.add_and_watch(
        task_spec::once("t" + std::to_string(i), [](task_context&) {})));
    for (auto& x : added)
      static_cast<void>(x.get()->ended.get());
    static_cast<void>(handle.shutdown().get());
    // Without the waiting, most find no place.
    auto whole = max_wait > duration::zero();
    BOOST_TEST((sub->lost() == 0u) == whole);
    BOOST_TEST((finished == tasks) == whole);
  }
}

BOOST_AUTO_TEST_SUITE_END()
