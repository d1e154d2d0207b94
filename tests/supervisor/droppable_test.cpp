#include "taskvisor/supervisor/droppable.hpp"

#include "slow_actor.hpp"
#include "trail.hpp"

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::testing::virtual_world;

namespace {

tv::coro<> swallows(tv::task_context& ctx, trail log) {
  mark m{log, "child"};
  try {
    co_await ctx.sleep_for(1h);
  } catch (...) {
    *log += "caught ";
  }
}

tv::attempt forgiving(tv::task_context& ctx, trail log) {
  mark m{log, "body"};
  co_await swallows(ctx, log);
}

tv::attempt all_asleep(tv::task_context& ctx, trail log) {
  mark m{log, "body"};
  co_await tv::when_all(swallows(ctx, log), ctx.sleep_for(1h));
}

tv::coro<> clean(tv::task_context& ctx, trail log) {
  co_await ctx.sleep_for(1s);
  *log += "cleaned ";
}

tv::attempt shielded(tv::task_context& ctx, trail log) {
  mark m{log, "body"};
  auto cleanup = clean(ctx, log);
  co_await ctx.shielded(std::move(cleanup));
  co_await swallows(ctx, log);
}

tv::attempt told(tv::task_context& ctx, trail log) {
  mark m{log, "body"};
  auto why = co_await ctx.try_sleep_for(1h);
  *log += why == tv::stop_reason::canceled ? "told " : "timed ";
}

struct fixture : virtual_world {
  trail log = std::make_shared<std::string>();

  using function = tv::attempt (*)(tv::task_context&, trail);

  auto body(function f) const {
    return [f, log = log](tv::task_context& ctx) { return f(ctx, log); };
  }

  /// How the task ends that is canceled after a second; `log` says more.
  outcome_kind canceled(tv::task_spec spec) {
    auto task = watch(std::move(spec));
    advance(500ms);
    BOOST_TEST(*wait(handle().cancel("t"), 1h));
    return wait(task.ended)->kind;
  }

  outcome_kind canceled(function f) {
    return canceled(tv::task_spec::once("t", tv::droppable(body(f))));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(droppable, fixture)

BOOST_AUTO_TEST_CASE(a_stop_runs_destructors_and_no_handler) {
  BOOST_TEST((canceled(forgiving) == outcome_kind::canceled));
  BOOST_TEST(*log == "+body +child -child -body ");
  BOOST_TEST((elapsed() == 500ms));
  BOOST_TEST(events().sequence_of("t")
             == "task_add_requested task_added attempt_starting "
                "task_remove_requested attempt_canceled task_finished "
                "task_removed");
}

BOOST_AUTO_TEST_CASE(without_it_the_stop_is_an_exception) {
  auto end = canceled(tv::task_spec::once("t", body(forgiving)));
  BOOST_TEST((end == outcome_kind::canceled));
  BOOST_TEST(*log == "+body +child caught -child -body ");
}

BOOST_AUTO_TEST_CASE(a_timeout_drops_and_counts_as_one) {
  auto task = watch(
    tv::task_spec::once("t", tv::droppable(body(forgiving))).with_timeout(2s));
  auto end = wait(task.ended, 1h);
  BOOST_TEST((end->kind == outcome_kind::failed));
  BOOST_TEST(end->reason == "timed out after 2s");
  BOOST_TEST(*log == "+body +child -child -body ");
  BOOST_TEST((elapsed() == 2s));
}

BOOST_AUTO_TEST_CASE(every_branch_is_dropped) {
  BOOST_TEST((canceled(all_asleep) == outcome_kind::canceled));
  BOOST_TEST(*log == "+body +child -child -body ");
}

BOOST_AUTO_TEST_CASE(a_shield_holds_and_then_the_stop_is_an_exception) {
  BOOST_TEST((canceled(shielded) == outcome_kind::canceled));
  BOOST_TEST(*log == "+body cleaned +child caught -child -body ");
  BOOST_TEST((elapsed() == 1s));
}

BOOST_AUTO_TEST_CASE(an_await_that_asks_for_the_stop_gets_it) {
  BOOST_TEST((canceled(told) == outcome_kind::canceled));
  BOOST_TEST(*log == "+body told -body ");
}

BOOST_AUTO_TEST_CASE(a_request_under_way_is_forgotten) {
  auto server = taskvisor::test::spawn_slow(system());
  auto asks = [server, log = log](tv::task_context& ctx) -> tv::attempt {
    mark m{log, "body"};
    auto answer = co_await ctx.request<int>(server, 1);
    *log += std::to_string(answer);
  };
  auto end = canceled(tv::task_spec::once("t", tv::droppable(asks)));
  BOOST_TEST((end == outcome_kind::canceled));
  tv::detail::post(server, std::string{"reply"}); // finds nobody
  run();
  BOOST_TEST(*log == "+body -body ");
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_itself_is_dropped_at_its_await) {
  auto cancels = [this](tv::task_context&) -> tv::attempt {
    mark m{log, "body"};
    co_await handle().cancel("t");
    *log += "went on ";
  };
  auto task = watch(tv::task_spec::once("t", tv::droppable(cancels)));
  BOOST_TEST((wait(task.ended)->kind == outcome_kind::canceled));
  BOOST_TEST(*log == "+body -body ");
}

BOOST_AUTO_TEST_SUITE_END()
