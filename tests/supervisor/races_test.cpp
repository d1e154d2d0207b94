// The rows of "races at a glance": who wins, and what the loser is told.
#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::event_kind;
using tv::outcome_kind;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

/// Needs two seconds to clean up when it is stopped.
tv::attempt slow_to_stop(tv::task_context& ctx) {
  auto cleanup = [](tv::task_context& c) -> tv::coro<> {
    co_await c.sleep_for(2s);
  };
  co_await ctx.until_stopped();
  auto inner = cleanup(ctx);
  co_await ctx.shielded(std::move(inner));
}

tv::watched_task watch_slow(virtual_world& world) {
  auto task = world.watch(tv::task_spec::once("t", slow_to_stop));
  world.run();
  return task;
}

} // namespace

BOOST_AUTO_TEST_SUITE(races)

BOOST_AUTO_TEST_CASE(after_a_natural_end_nobody_has_a_claim) {
  virtual_world world;
  auto task =
    world.watch(tv::task_spec::once("t", scripted_task{{{does::slow, 1s}}}));
  world.advance(1s);
  BOOST_TEST(!*world.wait(world.handle().remove(task.id)));
  BOOST_TEST(!*world.wait(world.handle().cancel(task.id)));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::completed));
  BOOST_TEST(world.events().count(event_kind::task_remove_requested) == 0u);
}

BOOST_AUTO_TEST_CASE(a_claim_does_not_change_a_final_failure) {
  virtual_world world;
  auto body = [](tv::task_context& ctx) -> tv::attempt {
    co_await ctx.until_stopped();
    throw tv::fatal{"the disk is gone"};
  };
  auto task = world.watch(tv::task_spec::once("t", body));
  BOOST_TEST(*world.wait(world.handle().cancel("t")));
  auto result = world.wait(task.ended);
  BOOST_TEST((result->kind == outcome_kind::fatal));
  BOOST_TEST(result->reason == "the disk is gone");
}

BOOST_AUTO_TEST_CASE(a_cancel_joins_a_removal_and_has_no_claim) {
  virtual_world world;
  auto task = watch_slow(world);
  BOOST_TEST(*world.wait(world.handle().remove("t")));
  auto joined = world.handle().cancel("t");
  world.advance(1999ms);
  BOOST_TEST(!joined.ready());
  world.advance(1ms);
  BOOST_TEST(!*world.wait(joined));
}

BOOST_AUTO_TEST_CASE(all_cancels_wait_for_one_cleanup_and_one_has_the_claim) {
  virtual_world world;
  auto task = watch_slow(world);
  std::vector<tv::pending<bool>> cancels;
  for (int i = 0; i != 32; ++i)
    cancels.push_back(world.handle().cancel(task.id));
  world.advance(1s);
  BOOST_TEST(!cancels.front().ready());
  world.advance(1s);
  int claims = 0;
  for (auto& x : cancels)
    claims += *world.wait(x) ? 1 : 0;
  BOOST_TEST(claims == 1);
  BOOST_TEST(world.events().count(event_kind::task_finished) == 1u);
}

BOOST_AUTO_TEST_CASE(a_limit_that_ends_after_the_cleanup_is_no_error) {
  virtual_world world;
  auto task = watch_slow(world);
  auto canceled = world.handle().cancel_with_timeout("t", 2001ms);
  world.advance(2001ms);
  BOOST_TEST(*world.wait(canceled));
  auto late = world.handle().cancel_with_timeout("t", 0s);
  BOOST_TEST(!*world.wait(late));
}

BOOST_AUTO_TEST_CASE(a_cancel_that_gave_up_can_be_joined_by_another) {
  virtual_world world;
  auto task = watch_slow(world);
  auto hasty = world.handle().cancel_with_timeout("t", 1s);
  world.advance(1s);
  BOOST_TEST(
    (tv::code_of(world.wait(hasty).error()) == tv::errc::termination_timeout));
  auto patient = world.handle().cancel("t");
  world.advance(1s);
  BOOST_TEST(!*world.wait(patient));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::canceled));
}

BOOST_AUTO_TEST_CASE(of_two_adds_of_a_name_the_first_wins) {
  virtual_world world;
  auto spec = tv::task_spec::once("t", scripted_task{{{does::hang}}});
  auto first = world.handle().add(spec);
  auto second = world.handle().add(spec);
  BOOST_TEST(!!world.wait(first));
  BOOST_TEST(
    (tv::code_of(world.wait(second).error()) == tv::errc::task_already_exists));
}

BOOST_AUTO_TEST_CASE(a_remove_by_name_finds_the_add_before_it) {
  virtual_world world;
  auto task = world.handle().add_and_watch(
    tv::task_spec::once("t", scripted_task{{{does::hang}}}));
  auto removed = world.handle().remove("t");
  BOOST_TEST(*world.wait(removed));
  BOOST_TEST(
    (world.wait(world.wait(task)->ended)->kind == outcome_kind::canceled));
}

BOOST_AUTO_TEST_CASE(a_removal_keeps_its_own_grace_during_a_shutdown) {
  virtual_world world{tv::supervisor_config{}.with_grace(10s)};
  auto task =
    world.watch(tv::task_spec::once("t", scripted_task{{{does::ignore_stop}}}));
  BOOST_TEST(*world.wait(world.handle().remove("t")));
  world.advance(4s);
  auto ended = world.handle().shutdown();
  world.advance(5999ms);
  BOOST_TEST(!ended.ready());
  world.advance(1ms);
  auto report = world.wait(ended);
  BOOST_TEST(report->within_grace());
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::force_aborted));
}

BOOST_AUTO_TEST_CASE(a_removal_is_listed_until_its_cleanup) {
  virtual_world world;
  auto task = watch_slow(world);
  BOOST_TEST(*world.wait(world.handle().remove("t")));
  BOOST_TEST(world.wait(world.handle().list())->size() == 1u);
  world.advance(2s);
  BOOST_TEST(world.wait(world.handle().list())->empty());
}

BOOST_AUTO_TEST_CASE(a_dropped_waiter_and_a_dropped_answer_change_nothing) {
  virtual_world world;
  {
    auto task = world.handle().add_and_watch(
      tv::task_spec::once("t", scripted_task{{{does::slow, 1s}}}));
    static_cast<void>(world.handle().cancel("nobody"));
  }
  world.advance(1s);
  BOOST_TEST(world.events().sequence_of("t")
             == "task_add_requested task_added attempt_starting "
                "attempt_succeeded task_finished task_removed");
}

BOOST_AUTO_TEST_CASE(a_name_is_reused_with_a_new_id) {
  virtual_world world;
  auto spec = tv::task_spec::once("t", scripted_task{{{does::ok}}});
  auto first = world.watch(spec);
  BOOST_TEST((world.wait(first.ended)->kind == outcome_kind::completed));
  auto second = world.watch(spec);
  BOOST_TEST((first.id != second.id));
  BOOST_TEST((world.wait(second.ended)->kind == outcome_kind::completed));
}

BOOST_AUTO_TEST_SUITE_END()
