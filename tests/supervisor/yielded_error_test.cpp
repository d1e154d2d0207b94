#include "trail.hpp"

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::testing::virtual_world;

namespace {

tv::attempt fails(tv::task_context&, trail log) {
  mark m{log, "body"};
  try {
    co_yield tv::fail{"no route"}.with_exit_code(75);
    *log += "went on ";
  } catch (...) {
    *log += "caught ";
  }
}

tv::coro<int> unlucky(tv::task_context& ctx, trail log, tv::duration after) {
  mark m{log, "child"};
  co_await ctx.sleep_for(after);
  co_yield tv::fatal{"unlucky"};
  co_return 1;
}

struct fixture : virtual_world {
  trail log = std::make_shared<std::string>();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(yielded_error, fixture)

BOOST_AUTO_TEST_CASE(it_ends_the_attempt_with_its_text_and_code) {
  auto body = [log = log](tv::task_context& ctx) { return fails(ctx, log); };
  auto task = watch(tv::task_spec::once("t", body));
  auto end = wait(task.ended);
  BOOST_TEST((end->kind == outcome_kind::failed));
  BOOST_TEST(end->reason == "no route");
  BOOST_TEST(*end->exit_code == 75);
  BOOST_TEST(*log == "+body -body ");
}

BOOST_AUTO_TEST_CASE(each_kind_is_what_it_is_when_thrown) {
  auto end_of = [this](auto error) {
    auto body = [error](tv::task_context&) -> tv::attempt { co_yield error; };
    auto task = watch(tv::task_spec::restartable("t", body));
    return wait(task.ended)->kind;
  };
  BOOST_TEST((end_of(tv::fatal{"no"}) == outcome_kind::fatal));
  BOOST_TEST((end_of(tv::canceled{}) == outcome_kind::canceled));
}

BOOST_AUTO_TEST_CASE(a_failure_is_retried) {
  auto body = [](tv::task_context& ctx) -> tv::attempt {
    if (ctx.attempt() < 3)
      co_yield tv::fail{"again"};
  };
  auto spec = tv::task_spec::restartable("t", body).with_backoff(
    tv::backoff_policy::constant(2s));
  auto task = watch(std::move(spec));
  BOOST_TEST((wait(task.ended, 1h)->kind == outcome_kind::completed));
  BOOST_TEST((elapsed() == 4s));
}

BOOST_AUTO_TEST_CASE(of_a_child_it_is_thrown_to_who_awaits_it) {
  auto body = [log = log](tv::task_context& ctx) -> tv::attempt {
    for (auto after : {0s, 1s}) { // ready at once, and later
      try {
        int n = co_await unlucky(ctx, log, after);
        *log += std::to_string(n);
      } catch (const tv::fatal& x) {
        *log += std::string{"caught "} + x.what() + " ";
      }
    }
  };
  auto task = watch(tv::task_spec::once("t", body));
  BOOST_TEST(wait(task.ended, 1h)->is_success());
  BOOST_TEST(*log
             == "+child -child caught unlucky +child -child caught unlucky ");
}

BOOST_AUTO_TEST_CASE(of_a_branch_it_is_the_result) {
  auto any = [log = log](tv::task_context& ctx) -> tv::attempt {
    (void)co_await tv::when_any(ctx.sleep_for(1h), unlucky(ctx, log, 1s));
  };
  auto all = [log = log](tv::task_context& ctx) -> tv::attempt {
    (void)co_await tv::when_all(ctx.sleep_for(2s), unlucky(ctx, log, 1s));
  };
  auto first = watch(tv::task_spec::once("any", any));
  BOOST_TEST(wait(first.ended, 1h)->reason == "unlucky");
  BOOST_TEST((elapsed() == 1s));
  auto second = watch(tv::task_spec::once("all", all));
  BOOST_TEST(wait(second.ended, 1h)->reason == "unlucky");
  BOOST_TEST((elapsed() == 3s));
  BOOST_TEST(*log == "+child -child +child -child ");
}

BOOST_AUTO_TEST_SUITE_END()
