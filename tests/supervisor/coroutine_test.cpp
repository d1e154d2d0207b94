#include "slow_actor.hpp"
#include "trail.hpp"

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::testing::virtual_world;

namespace {

tv::coro<int> doubled(tv::task_context& ctx, trail log, int n) {
  mark m{log, "leaf"};
  co_await ctx.sleep_for(1s);
  if (n == 13)
    throw tv::fail{"unlucky"};
  co_return n * 2;
}

tv::coro<int> sum(tv::task_context& ctx, trail log, int a, int b) {
  mark m{log, "sum"};
  int x = co_await doubled(ctx, log, a);
  int y = co_await doubled(ctx, log, b);
  co_return x + y;
}

tv::coro<int> ready(int n) {
  co_return n;
}

tv::attempt sleep_long(tv::task_context& ctx, trail log) {
  mark m{log, "long"};
  co_await ctx.sleep_for(1h);
  *log += "unreachable ";
}

struct fixture : virtual_world {
  trail log = std::make_shared<std::string>();

  /// Runs a body to its end, which needs at most an hour.
  template <class Body>
  tv::outcome outcome_of(Body body) {
    auto task = watch(tv::task_spec::once("t", std::move(body)));
    return *wait(task.ended, 1h);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(coroutines, fixture)

BOOST_AUTO_TEST_CASE(children_give_values_in_order) {
  auto result = outcome_of([log = log](tv::task_context& ctx) -> tv::attempt {
    int n = co_await sum(ctx, log, 1, 2);
    *log += std::to_string(n);
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST(*log == "+sum +leaf -leaf +leaf -leaf -sum 6");
  BOOST_TEST((elapsed() == 2s));
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_child_reaches_the_awaiting_one) {
  auto result = outcome_of([log = log](tv::task_context& ctx) -> tv::attempt {
    try {
      (void)co_await sum(ctx, log, 13, 1);
    } catch (const std::exception& x) {
      *log += std::string{"caught "} + x.what();
    }
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST(*log == "+sum +leaf -leaf -sum caught unlucky");
}

BOOST_AUTO_TEST_CASE(a_million_ready_children_need_no_stack) {
  auto result = outcome_of([log = log](tv::task_context&) -> tv::attempt {
    long n = 0;
    for (int i = 0; i < 1'000'000; ++i)
      n += co_await ready(1);
    *log = std::to_string(n);
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST(*log == "1000000");
}

BOOST_AUTO_TEST_CASE(a_cancel_unwinds_the_body_past_its_own_handlers) {
  auto task = watch(
    tv::task_spec::once("t", [log = log](tv::task_context& ctx) -> tv::attempt {
      try {
        co_await sleep_long(ctx, log);
      } catch (const std::exception&) {
        *log += "swallowed ";
      }
    }));
  advance(1s);
  auto claimed = wait(handle().cancel("t"));
  BOOST_TEST(*claimed);
  BOOST_TEST(*log == "+long -long ");
  BOOST_TEST((wait(task.ended)->kind == tv::outcome_kind::canceled));
}

BOOST_AUTO_TEST_CASE(a_try_await_says_that_it_was_interrupted) {
  add(
    tv::task_spec::once("t", [log = log](tv::task_context& ctx) -> tv::attempt {
      auto why = co_await ctx.try_sleep_for(1h);
      *log += why == tv::stop_reason::canceled ? "canceled " : "? ";
      // From now on every await is interrupted at once.
      auto again = co_await ctx.try_sleep_for(1h);
      *log += again == tv::stop_reason::canceled ? "canceled" : "?";
    }));
  run();
  BOOST_TEST(*wait(handle().cancel("t")));
  BOOST_TEST(*log == "canceled canceled");
  BOOST_TEST((elapsed() == 0s));
}

BOOST_AUTO_TEST_CASE(shielded_cleanup_runs_on_within_the_grace) {
  add(
    tv::task_spec::once("t", [log = log](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.until_stopped();
      auto cleanup = doubled(ctx, log, 4);
      int n = co_await ctx.shielded(std::move(cleanup));
      *log += std::to_string(n);
    }));
  run();
  auto done = handle().cancel("t");
  advance(1s);
  BOOST_TEST(*wait(done));
  BOOST_TEST(*log == "+leaf -leaf 8");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_grace_destroys_what_is_suspended) {
  auto task = watch(
    tv::task_spec::once("t", [log = log](tv::task_context& ctx) -> tv::attempt {
      mark m{log, "body"};
      auto endless = sleep_long(ctx, log);
      co_await ctx.shielded(std::move(endless));
    }));
  run();
  auto done = handle().cancel("t");
  advance(59s);
  BOOST_TEST(!done.ready());
  advance(1s);
  BOOST_TEST(*wait(done));
  BOOST_TEST(*log == "+body +long -long -body ");
  BOOST_TEST((wait(task.ended)->kind == tv::outcome_kind::force_aborted));
}

BOOST_AUTO_TEST_CASE(when_all_waits_for_the_last) {
  auto result = outcome_of([log = log](tv::task_context& ctx) -> tv::attempt {
    auto [a, b, c] =
      co_await tv::when_all(doubled(ctx, log, 1), ctx.sleep_for(5s), ready(3));
    (void)b;
    *log += std::to_string(a + c);
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST((elapsed() == 5s));
  BOOST_TEST(*log == "+leaf -leaf 5");
}

BOOST_AUTO_TEST_CASE(when_any_destroys_the_losers) {
  auto result = outcome_of([log = log](tv::task_context& ctx) -> tv::attempt {
    auto first =
      co_await tv::when_any(sleep_long(ctx, log), doubled(ctx, log, 4));
    *log +=
      std::to_string(first.index()) + " " + std::to_string(std::get<1>(first));
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST((elapsed() == 1s));
  BOOST_TEST(*log == "+long +leaf -leaf -long 1 8");
}

BOOST_AUTO_TEST_CASE(when_any_with_a_sleep_is_a_timeout) {
  auto result = outcome_of([log = log](tv::task_context& ctx) -> tv::attempt {
    auto first = co_await tv::when_any(sleep_long(ctx, log), ctx.sleep_for(2s));
    *log += std::to_string(first.index());
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST((elapsed() == 2s));
  BOOST_TEST(*log == "+long -long 1");
}

BOOST_AUTO_TEST_CASE(a_cancel_reaches_every_branch) {
  add(
    tv::task_spec::once("t", [log = log](tv::task_context& ctx) -> tv::attempt {
      (void)co_await tv::when_all(sleep_long(ctx, log), sleep_long(ctx, log));
    }));
  run();
  BOOST_TEST(*wait(handle().cancel("t")));
  BOOST_TEST(*log == "+long +long -long -long ");
}

BOOST_AUTO_TEST_CASE(a_request_gives_the_value_or_throws_the_error) {
  auto echo = system().spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](int n) -> caf::result<int> {
      if (n < 0)
        return caf::make_error(caf::sec::invalid_argument);
      return n + 1;
    }};
  });
  auto result =
    outcome_of([log = log, echo](tv::task_context& ctx) -> tv::attempt {
      int n = co_await ctx.request<int>(echo, 41);
      *log += std::to_string(n);
      auto tried = co_await ctx.try_request<int>(echo, -1);
      *log += tried ? " value" : " error";
      (void)co_await ctx.request<int>(echo, -1);
    });
  BOOST_TEST(*log == "42 error");
  BOOST_TEST((result.kind == tv::outcome_kind::failed));
  BOOST_TEST(result.reason.find("invalid_argument") != std::string::npos);
  caf::anon_send_exit(echo, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(a_request_gives_up_in_time_and_a_late_reply_is_ignored) {
  auto slow = tv::test::spawn_slow(system());
  auto task = watch(tv::task_spec::once(
    "t", [log = log, slow](tv::task_context& ctx) -> tv::attempt {
      auto tried = co_await ctx.try_request<int>(slow, 1).within(5s);
      *log += tried ? "value " : "late ";
      co_await ctx.sleep_for(10s);
      *log += "slept";
    }));
  advance(5s);
  BOOST_TEST(*log == "late ");
  tv::detail::post(slow, std::string{"reply"});
  advance(9s);
  BOOST_TEST(*log == "late ");
  advance(1s);
  BOOST_TEST(*log == "late slept");
  BOOST_TEST(wait(task.ended)->is_success());
  caf::anon_send_exit(slow, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(a_reply_after_the_task_ended_wakes_nobody) {
  auto slow = tv::test::spawn_slow(system());
  add(tv::task_spec::once("t", [slow](tv::task_context& ctx) -> tv::attempt {
    (void)co_await ctx.request<int>(slow, 1);
  }));
  run();
  BOOST_TEST(*wait(handle().cancel("t")));
  // The same actor runs the next task: the old reply must not reach it.
  auto task =
    watch(tv::task_spec::once("u", [](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.sleep_for(1s);
    }));
  run();
  tv::detail::post(slow, std::string{"reply"});
  run();
  BOOST_TEST(!task.ended.ready());
  advance(1s);
  BOOST_TEST(wait(task.ended)->is_success());
  caf::anon_send_exit(slow, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(a_captured_value_lives_as_long_as_the_task) {
  auto alive = std::make_shared<int>(7);
  std::weak_ptr<int> watch_it = alive;
  auto task = watch(tv::task_spec::once(
    "t", [value = std::move(alive)](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.sleep_for(1s);
      if (*value != 7)
        throw tv::fatal{"the capture is gone"};
    }));
  run();
  BOOST_TEST(!watch_it.expired());
  advance(1s);
  BOOST_TEST(wait(task.ended)->is_success());
  BOOST_TEST(watch_it.expired());
}

BOOST_AUTO_TEST_CASE(a_plain_function_is_a_body) {
  auto result =
    outcome_of([log = log](tv::task_context& ctx) { *log = ctx.name(); });
  BOOST_TEST(result.is_success());
  BOOST_TEST(*log == "t");
}

BOOST_AUTO_TEST_CASE(get_in_a_body_is_refused_instead_of_deadlocking) {
  auto sup = handle();
  auto result =
    outcome_of([log = log, sup](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.sleep_for(1s);
      auto answer = sup.list().get();
      *log = tv::describe(answer.error());
    });
  BOOST_TEST(result.is_success());
  BOOST_TEST(*log
             == "would_deadlock: get() in a task's body: use co_await there");
}

BOOST_AUTO_TEST_CASE(operations_of_the_handle_are_awaited_in_a_body) {
  auto sup = handle();
  auto result = outcome_of([log = log, sup](tv::task_context&) -> tv::attempt {
    auto spec = tv::task_spec::once("child", [](tv::task_context&) {});
    auto added = co_await sup.add_and_watch(spec);
    auto ended = co_await added->ended;
    *log = tv::to_string(*ended);
  });
  BOOST_TEST(result.is_success());
  BOOST_TEST(*log == "completed");
}

BOOST_AUTO_TEST_CASE(no_actor_survives) {
  add(
    tv::task_spec::once("t", [log = log](tv::task_context& ctx) -> tv::attempt {
      co_await sleep_long(ctx, log);
    }));
  run();
  BOOST_TEST(actors_left() == 0u);
  BOOST_TEST(*log == "+long -long ");
}

BOOST_AUTO_TEST_SUITE_END()
