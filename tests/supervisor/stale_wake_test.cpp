// Wake-ups, replies and timers that come late or twice: nothing happens.
#include "slow_actor.hpp"
#include "support/look_inside.hpp"

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::testing::virtual_world;

namespace {

/// What a body waits for, in all cases 5 s.
enum class wait_kind { sleep, try_sleep, request, request_within, pending };

std::ostream& operator<<(std::ostream& out, wait_kind x) {
  const char* names[]{"sleep", "try_sleep", "request", "request within",
                      "pending"};
  return out << names[static_cast<std::size_t>(x)];
}

const std::vector<wait_kind> kinds{
  wait_kind::sleep, wait_kind::try_sleep, wait_kind::request,
  wait_kind::request_within, wait_kind::pending};

struct fixture : virtual_world {
  tv::test::inside at;
  tv::test::inside after;
  std::string log;
  caf::actor slow = tv::test::spawn_slow(system());
  tv::detail::promise_of<int> promise;

  ~fixture() { caf::anon_send_exit(slow, caf::exit_reason::kill); }

  tv::coro<> wait_for(tv::task_context& ctx, wait_kind kind) {
    switch (kind) {
      case wait_kind::sleep:
        co_await ctx.sleep_for(5s);
        break;
      case wait_kind::try_sleep:
        static_cast<void>(co_await ctx.try_sleep_for(5s));
        break;
      case wait_kind::request:
        static_cast<void>(co_await ctx.request<int>(slow, 1));
        break;
      case wait_kind::request_within:
        static_cast<void>(co_await ctx.try_request<int>(slow, 1).within(5s));
        break;
      case wait_kind::pending:
        static_cast<void>(co_await promise.get_pending());
        break;
    }
  }

  /// Looks inside, waits, looks again, and sleeps an hour.
  tv::attempt body(tv::task_context& ctx, wait_kind kind) {
    auto first = ctx.attempt() == 1;
    co_await tv::test::look_inside{first ? at : after};
    if (first)
      co_await wait_for(ctx, kind);
    co_await tv::test::look_inside{after};
    if (ctx.stop_requested() == tv::stop_reason::none)
      log += "over ";
    co_await ctx.sleep_for(1h);
    log += "slept ";
  }

  tv::task_spec spec(wait_kind kind) {
    return tv::task_spec::restartable(
             "t",
             [this, kind](tv::task_context& ctx) { return body(ctx, kind); })
      .with_backoff(tv::backoff_policy::constant(1h));
  }

  /// What the wait is for comes, also when nobody waits any more.
  void complete(wait_kind kind) {
    if (kind == wait_kind::request || kind == wait_kind::request_within)
      tv::detail::post(slow, std::string{"reply"});
    else if (kind == wait_kind::pending)
      promise.resolve(7);
    run();
  }

  /// Everything that could still be on its way for the waits of these keys,
  /// twice, to every place.
  void storm(const tv::task_actor& to, std::uint64_t from, std::uint64_t last) {
    constexpr auto none = std::numeric_limits<std::uint32_t>::max();
    for (int times = 0; times < 2; ++times)
      for (auto key = from; key <= last; ++key)
        for (std::uint32_t slot : {0u, 1u, 2u, 3u, 4u, 5u, none})
          tv::detail::post(to, tv::wake{key, slot});
    run();
  }

  /// The keys of the timers before, of the look and of the wait.
  void storm_the_wait() { storm(at.self, at.key - 2, at.key + 1); }

  std::size_t attempts() {
    return events().count(tv::event_kind::attempt_starting);
  }

  tv::task_info info() { return wait(handle().list())->at(0); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stale_wake, fixture)

BOOST_DATA_TEST_CASE_F(fixture, a_wait_that_is_over_is_not_woken_again,
                       data::make(kinds), kind) {
  auto task = watch(spec(kind));
  advance(5s - 1ns);
  BOOST_TEST(log.empty());
  advance(1ns);
  complete(kind);
  BOOST_TEST(log == "over ");
  storm(at.self, at.key - 2, after.key);
  complete(kind);
  advance(1h - 1ns);
  BOOST_TEST(log == "over ");
  advance(1ns);
  BOOST_TEST(log == "over slept ");
  BOOST_TEST(wait(task.ended)->is_success());
  BOOST_TEST(attempts() == 1u);
}

BOOST_DATA_TEST_CASE_F(fixture,
                       after_a_timeout_neither_pause_nor_retry_is_woken,
                       data::make(kinds), kind) {
  add(spec(kind).with_timeout(3s));
  advance(4s);
  BOOST_TEST((info().state == tv::task_state::backing_off));
  storm_the_wait();
  complete(kind);
  advance(5s);
  BOOST_TEST((info().state == tv::task_state::backing_off));
  BOOST_TEST(attempts() == 1u);
  advance(1h - 5s);
  BOOST_TEST((info().state == tv::task_state::running));
  storm_the_wait();
  complete(kind);
  BOOST_TEST(log == "over ");
  BOOST_TEST((info().state == tv::task_state::running));
  BOOST_TEST(attempts() == 2u);
}

BOOST_DATA_TEST_CASE_F(fixture, the_next_task_of_an_actor_is_not_woken,
                       data::make(kinds), kind) {
  add(spec(kind));
  advance(3s);
  BOOST_TEST(*wait(handle().cancel("t")));
  storm_the_wait(); // the actor is idle
  tv::test::inside next;
  auto task = watch(
    tv::task_spec::once("next", [&](tv::task_context& ctx) -> tv::attempt {
      co_await tv::test::look_inside{next};
      co_await ctx.sleep_for(1h);
    }));
  run();
  BOOST_TEST((next.self == at.self));
  storm_the_wait();
  complete(kind);
  advance(1h - 1ns);
  BOOST_TEST(!task.ended.ready());
  advance(1ns);
  BOOST_TEST(wait(task.ended)->is_success());
  BOOST_TEST(log.empty());
}

BOOST_DATA_TEST_CASE_F(fixture, an_actor_that_was_killed_is_not_woken,
                       data::make(kinds), kind) {
  auto task = watch(spec(kind));
  advance(3s);
  caf::anon_send_exit(at.self, caf::exit_reason::kill);
  BOOST_TEST((wait(task.ended)->kind == tv::outcome_kind::crashed));
  storm_the_wait();
  complete(kind);
  advance(5s);
  BOOST_TEST(log.empty());
}

BOOST_AUTO_TEST_CASE(only_the_right_place_and_key_wake_and_only_once) {
  add(spec(wait_kind::sleep));
  run();
  auto key = at.key + 1;
  for (std::uint32_t slot : {0u, 1u, 2u, 4u, 5u})
    tv::detail::post(at.self, tv::wake{key, slot});
  run();
  BOOST_TEST(log.empty());
  tv::detail::post(at.self, tv::wake{key, 3});
  tv::detail::post(at.self, tv::wake{key, 3});
  run();
  BOOST_TEST(log == "over ");
  advance(5s);
  BOOST_TEST(log == "over ");
}

BOOST_AUTO_TEST_CASE(old_ticks_of_the_clock_fire_nothing_early) {
  add(spec(wait_kind::sleep));
  advance(4s);
  for (int times = 0; times < 2; ++times)
    for (std::uint64_t generation = 0; generation < 5; ++generation)
      tv::detail::post(at.timers, tv::timer_tick{generation});
  advance(1s - 1ns);
  BOOST_TEST(log.empty());
  advance(1ns);
  BOOST_TEST(log == "over ");
  advance(1h);
  BOOST_TEST(log == "over slept ");
}

BOOST_AUTO_TEST_CASE(the_timeout_of_an_attempt_does_not_reach_the_next) {
  auto task =
    watch(tv::task_spec::restartable("t",
                                     [](tv::task_context& ctx) -> tv::attempt {
                                       auto first = ctx.attempt() == 1;
                                       co_await ctx.sleep_for(9s);
                                       if (first)
                                         throw tv::fail{"first"};
                                     })
            .with_timeout(10s)
            .with_backoff(tv::backoff_policy::constant(500ms)));
  BOOST_TEST(wait(task.ended, 1min)->is_success());
  BOOST_TEST((elapsed() == 18500ms));
}

BOOST_AUTO_TEST_CASE(the_first_result_of_a_promise_counts) {
  auto result = promise.get_pending();
  promise.resolve(1);
  promise.resolve(2);
  BOOST_TEST(*result.get() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
