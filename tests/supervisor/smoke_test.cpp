#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

namespace tv = taskvisor;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(a_task_runs_and_says_how_it_ended) {
  tv::testing::virtual_world world;
  auto task = world.watch(tv::task_spec::once("a", [](tv::task_context& ctx) -> tv::attempt {
    co_await ctx.sleep_for(30s);
  }));
  auto result = world.wait(task.ended, 1h);
  BOOST_TEST(!!result);
  BOOST_TEST((result->kind == tv::outcome_kind::completed));
  BOOST_TEST((world.elapsed() == 30s));
  BOOST_TEST_MESSAGE(world.events().sequence_of("a"));
  BOOST_TEST(world.actors_left() == 0u);
}
