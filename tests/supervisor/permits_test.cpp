#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

/// How many attempts run now.
std::size_t running(virtual_world& world) {
  world.run();
  return world.wait(world.handle().alive())->size();
}

void add_hanging(virtual_world& world, int first, int last) {
  for (int i = first; i <= last; ++i)
    world.add(
      tv::task_spec::once(std::to_string(i), scripted_task{{{does::hang}}}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(permits)

BOOST_AUTO_TEST_CASE(a_limit_that_comes_later_counts_what_runs_already) {
  virtual_world world;
  add_hanging(world, 1, 3);
  world.handle().set_max_concurrent(4);
  add_hanging(world, 4, 6);
  BOOST_TEST(running(world) == 4u);
  world.wait(world.handle().cancel("1"));
  BOOST_TEST(running(world) == 4u);
  world.wait(world.handle().cancel("2"));
  BOOST_TEST(running(world) == 4u);
  world.wait(world.handle().cancel("3"));
  BOOST_TEST(running(world) == 3u);
}

BOOST_AUTO_TEST_CASE(a_smaller_limit_lets_running_attempts_go_on) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(3)};
  add_hanging(world, 1, 5);
  world.handle().set_max_concurrent(1);
  BOOST_TEST(running(world) == 3u);
  world.wait(world.handle().cancel("1"));
  world.wait(world.handle().cancel("2"));
  BOOST_TEST(running(world) == 1u);
  world.wait(world.handle().cancel("3"));
  BOOST_TEST(running(world) == 1u);
}

BOOST_AUTO_TEST_CASE(without_a_limit_all_run_and_no_permit_is_lost) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(1)};
  add_hanging(world, 1, 3);
  world.handle().set_max_concurrent(0);
  BOOST_TEST(running(world) == 3u);
  world.handle().set_max_concurrent(2);
  world.wait(world.handle().cancel("1"));
  world.wait(world.handle().cancel("2"));
  add_hanging(world, 4, 6);
  BOOST_TEST(running(world) == 2u);
}

BOOST_AUTO_TEST_CASE(a_backoff_holds_no_permit) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(1)};
  auto retry = tv::backoff_policy::constant(10s);
  world.add(tv::task_spec::restartable("fails", scripted_task{{{does::fail}}})
              .with_backoff(retry));
  add_hanging(world, 1, 1);
  BOOST_TEST(running(world) == 1u);
  world.advance(10s);
  auto tasks = *world.wait(world.handle().list());
  BOOST_TEST((tasks.at(0).state == tv::task_state::waiting_for_permit));
}

BOOST_AUTO_TEST_CASE(four_of_a_hundred_run_and_the_rest_ends_without_a_run) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(4)};
  add_hanging(world, 1, 100);
  BOOST_TEST(running(world) == 4u);
  auto report = world.wait(world.handle().shutdown());
  BOOST_TEST(report->within_grace());
  using tv::event_kind;
  BOOST_TEST(world.events().count(event_kind::attempt_starting) == 4u);
  auto ends = world.events().of(event_kind::task_finished);
  BOOST_TEST(ends.size() == 100u);
  BOOST_TEST(std::all_of(ends.begin(), ends.end(), [](const tv::event& x) {
    return x.outcome == tv::outcome_kind::canceled;
  }));
}

BOOST_AUTO_TEST_SUITE_END()
