#include "support/sanitized.hpp"

#include "taskvisor/supervisor/blocking.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <latch>
#include <malloc.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

using tv::test::sanitized;

/// Bytes that are allocated now, after free memory went back.
std::size_t resident() {
  malloc_trim(0);
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t pages = 0;
  statm >> total >> pages;
  return pages * 4096;
}

const auto at_once = tv::backoff_policy::constant(1ms);

tv::attempt fail_twice(tv::task_context& ctx) {
  if (ctx.attempt() < 3)
    throw tv::fail{"not yet"};
  co_return;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_hundred_thousand_tasks_fail_twice_and_succeed) {
  constexpr int count = 100'000;
  tv::supervisor sup;
  auto handle = *sup.serve();
  auto round = [&] {
    std::vector<tv::pending<tv::watched_task>> added;
    added.reserve(count);
    for (int i = 0; i < count; ++i)
      added.push_back(handle.add_and_watch(
        tv::task_spec::restartable("task " + std::to_string(i), fail_twice)
          .with_backoff(at_once)));
    int completed = 0;
    for (auto& x : added) {
      auto task = x.get(100s);
      BOOST_REQUIRE(task);
      auto result = task->ended.get(100s);
      BOOST_REQUIRE(result);
      completed += result->is_success() ? 1 : 0;
    }
    return completed;
  };
  // The first round fills what stays for reuse; the second must add nothing.
  BOOST_TEST(round() == count);
  auto before = resident();
  BOOST_TEST(round() == count);
  BOOST_TEST(handle.list().get(10s)->empty());
  if constexpr (!sanitized)
    BOOST_TEST(resident() < before + 50'000'000);
  BOOST_TEST(handle.shutdown().get(10s)->within_grace());
}

BOOST_AUTO_TEST_CASE(a_million_attempts_with_a_long_timeout_leave_memory_flat) {
  constexpr int tasks = 100;
  constexpr int attempts = sanitized ? 500 : 10'000;
  tv::supervisor sup{tv::supervisor_config{}.with_defaults(
    {.restart = tv::restart_policy::on_failure,
     .backoff = tv::backoff_policy::constant(0ms),
     .timeout = 1h})};
  auto handle = *sup.serve();
  auto before = resident();
  std::vector<tv::pending<tv::watched_task>> added;
  for (int i = 0; i < tasks; ++i)
    added.push_back(handle.add_and_watch(
      tv::task_spec{std::to_string(i), [](tv::task_context& ctx) {
                      if (ctx.attempt() < attempts)
                        throw tv::fail{"again"};
                    }}));
  for (auto& x : added) {
    auto task = x.get(100s);
    BOOST_REQUIRE(task);
    auto result = task->ended.get(100s);
    BOOST_REQUIRE(result);
    BOOST_TEST(result->is_success());
  }
  if constexpr (!sanitized)
    BOOST_TEST(resident() < before + 50'000'000);
}

BOOST_AUTO_TEST_CASE(threads_that_add_cancel_and_list_see_one_outcome_each) {
  constexpr int threads = 8;
  constexpr int rounds = sanitized ? 100 : 1000;
  constexpr int names = 20;
  tv::supervisor sup;
  auto handle = *sup.serve();
  std::atomic<int> added{0};
  std::atomic<int> ended{0};
  std::atomic<int> claims{0};
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      for (int i = 0; i < rounds; ++i) {
        auto name = std::to_string((i * 7 + t) % names);
        auto task = handle
                      .add_and_watch(tv::task_spec::once(
                        name,
                        [](tv::task_context& ctx) -> tv::attempt {
                          co_await ctx.sleep_for(1h);
                        }))
                      .get(60s);
        static_cast<void>(handle.list().get(60s));
        if (auto won = handle.cancel(name).get(60s); won && *won)
          ++claims;
        if (!task)
          continue;
        ++added;
        static_cast<void>(handle.cancel(task->id).get(60s));
        auto result = task->ended.get(60s);
        if (result && result->kind == tv::outcome_kind::canceled)
          ++ended;
      }
    });
  for (auto& x : workers)
    x.join();
  BOOST_TEST(added > 0);
  BOOST_TEST(ended == added);
  BOOST_TEST(claims <= added);
  BOOST_TEST(handle.list().get(10s)->empty());
}

namespace {

/// Takes its time to go, as what holds a file or a connection may.
struct slow_to_free {
  explicit slow_to_free(std::atomic<bool>& to) : freed(to) {}
  slow_to_free(const slow_to_free&) = delete;
  ~slow_to_free() {
    for (int i = 0; i < 100; ++i)
      std::this_thread::yield();
    freed = true;
  }

  std::atomic<bool>& freed;
};

struct holds : std::runtime_error {
  explicit holds(std::atomic<bool>& freed)
    : std::runtime_error("holds something"),
      what_it_holds(std::make_shared<slow_to_free>(freed)) {}

  std::shared_ptr<slow_to_free> what_it_holds;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_an_exception_holds_is_free_before_its_end_is_told) {
  constexpr std::size_t count = 500;
  std::vector<std::atomic<bool>> freed(count);
  std::atomic<int> early = 0;
  std::latch told{count};
  tv::supervisor sup;
  auto handle = *sup.serve();
  for (std::size_t i = 0; i < count; ++i) {
    auto coroutine = [&x = freed[i]](tv::task_context&) -> tv::attempt {
      throw holds{x};
      co_return;
    };
    auto plain = [&x = freed[i]](tv::task_context&) { throw holds{x}; };
    auto name = "task " + std::to_string(i);
    auto task =
      *handle
         .add_and_watch(i % 2 == 0 ? tv::task_spec::once(name, plain)
                                   : tv::task_spec::once(name, coroutine))
         .get(100s);
    std::move(task.ended).then_call([&, i](const auto&) {
      early += freed[i] ? 0 : 1;
      told.count_down();
    });
  }
  told.wait();
  BOOST_TEST(early == 0);
}

BOOST_AUTO_TEST_CASE(run_ends_by_itself_and_counts_the_outcomes) {
  tv::supervisor sup;
  auto result = sup.run({tv::task_spec::once("good", [](tv::task_context&) {}),
                         tv::task_spec::once("bad", [](tv::task_context&) {
                           throw tv::fatal{"no"};
                         })});
  BOOST_TEST(!result.error);
  BOOST_TEST(result.count(tv::outcome_kind::completed) == 1u);
  BOOST_TEST(result.count(tv::outcome_kind::fatal) == 1u);
  BOOST_TEST(result.exit_code() == 1);
  auto again = sup.run({});
  BOOST_TEST(!!again.error);
}

BOOST_AUTO_TEST_CASE(run_with_nothing_returns_at_once_with_success) {
  tv::supervisor sup;
  BOOST_TEST(sup.run({}).exit_code() == 0);
}

BOOST_AUTO_TEST_CASE(a_batch_with_a_repeated_name_starts_nothing) {
  tv::supervisor sup;
  std::atomic<int> started{0};
  auto count = [&started](tv::task_context&) { ++started; };
  auto result =
    sup.run({tv::task_spec::once("a", count), tv::task_spec::once("b", count),
             tv::task_spec::once("a", count)});
  BOOST_TEST((tv::code_of(result.error) == tv::errc::task_already_exists));
  BOOST_TEST(tv::describe(result.error)
             == "task_already_exists: a task named 'a' is registered");
  BOOST_TEST(result.exit_code() == 2);
  BOOST_TEST(started == 0);
}

BOOST_AUTO_TEST_CASE(a_blocking_body_runs_to_its_end_and_sees_its_stop) {
  tv::supervisor sup;
  auto handle = *sup.serve();
  auto quick = tv::task_spec::once(
    "quick",
    tv::blocking([] { throw tv::fail{"disk full"}.with_exit_code(28); }));
  auto first = handle.add_and_watch(quick).get(10s)->ended.get(10s);
  BOOST_TEST(first->reason == "disk full");
  BOOST_TEST(*first->exit_code == 28);
  std::atomic<bool> started{false};
  auto waits =
    tv::task_spec::once("waits", tv::blocking([&started](std::stop_token stop) {
                          started = true;
                          started.notify_one();
                          while (!stop.stop_requested())
                            std::this_thread::yield();
                        }));
  auto second = *handle.add_and_watch(waits).get(10s);
  started.wait(false);
  BOOST_TEST(*handle.cancel("waits").get(10s));
  BOOST_TEST((second.ended.get(10s)->kind == tv::outcome_kind::canceled));
}

BOOST_AUTO_TEST_CASE(a_blocking_body_that_ignores_its_stop_is_left_by_name) {
  static std::atomic<bool> release{false};
  tv::supervisor sup{tv::supervisor_config{}.with_grace(50ms)};
  auto handle = *sup.serve();
  std::atomic<bool> started{false};
  auto spec = tv::task_spec::once("deaf", tv::blocking([&started] {
                                    started = true;
                                    started.notify_one();
                                    release.wait(false);
                                  }));
  auto task = *handle.add_and_watch(spec).get(10s);
  started.wait(false);
  auto report = handle.shutdown().get(10s);
  BOOST_TEST_REQUIRE(report->left_behind.size() == 1u);
  BOOST_TEST(report->left_behind[0].name == "deaf");
  // It is left behind, and its outcome says so all the same.
  BOOST_TEST((task.ended.get(10s)->kind == tv::outcome_kind::force_aborted));
  release = true;
  release.notify_all();
}
