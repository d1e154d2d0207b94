#include "taskvisor/testing/virtual_world.hpp"

#include "taskvisor/testing/scripted_task.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

BOOST_AUTO_TEST_SUITE(virtual_world_test)

BOOST_AUTO_TEST_CASE(time_passes_only_on_request_and_stops_at_each_deadline) {
  virtual_world world;
  world.add(
    tv::task_spec::periodic("t", 10s, scripted_task{{{step::what::ok}}}));
  BOOST_TEST((world.elapsed() == 0s));
  world.advance(25s);
  BOOST_TEST((world.elapsed() == 25s));
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 3u);
}

BOOST_AUTO_TEST_CASE(a_result_that_needs_time_is_not_waited_for) {
  virtual_world world;
  auto task = world.watch(
    tv::task_spec::once("t", scripted_task{{{step::what::slow, 1s}}}));
  BOOST_CHECK_THROW(static_cast<void>(world.wait(task.ended)),
                    std::logic_error);
  BOOST_TEST(world.wait(task.ended, 1s)->is_success());
}

BOOST_AUTO_TEST_CASE(a_refused_task_is_an_exception_that_says_why) {
  virtual_world world;
  auto text = std::string{};
  try {
    world.add(tv::task_spec::once("", scripted_task{{{step::what::ok}}}));
  } catch (const std::invalid_argument& x) {
    text = x.what();
  }
  BOOST_TEST(text == "invalid_config: name = '': must not be empty");
}

BOOST_AUTO_TEST_CASE(an_actor_that_survives_is_counted) {
  virtual_world world;
  auto survivor = world.system().spawn(
    [](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
  BOOST_TEST(world.actors_left() == 1u);
  caf::anon_send_exit(survivor, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_SUITE_END()
