// An actor of the supervisor dies: everybody still gets an answer, and the end
// comes in time.
#include "support/look_inside.hpp"

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

const std::vector<std::string> components{"registry", "timers"};

/// A world in which one task tells where the actors are.
struct crashing_world : virtual_world {
  explicit crashing_world(tv::supervisor_config config = {})
    : virtual_world(config) {
    add(
      tv::task_spec::once("spy", [this](tv::task_context& ctx) -> tv::attempt {
        co_await tv::test::look_inside{actors};
        co_await ctx.until_stopped();
      }));
    run();
  }

  void kill(const std::string& component) {
    if (component == "registry")
      caf::anon_send_exit(actors.registry, caf::exit_reason::kill);
    else if (component == "timers")
      caf::anon_send_exit(actors.timers, caf::exit_reason::kill);
    else
      caf::anon_send_exit(actors.supervisor, caf::exit_reason::kill);
  }

  tv::watched_task watch(std::string name, does what) {
    return virtual_world::watch(
      tv::task_spec{std::move(name), scripted_task{{{what}}}}.with_backoff(
        tv::backoff_policy::constant(1h)));
  }

  tv::test::inside actors;
};

template <class T>
tv::errc code_of(const caf::expected<T>& x) {
  return x ? tv::errc::none : tv::code_of(x.error());
}

/// Never closes, whatever it is told.
class deaf_sink : public tv::event_sink_actor::base {
public:
  using tv::event_sink_actor::base::base;

  behavior_type make_behavior() override {
    return {[](const tv::event&) {}, [](const tv::close_sink&) {}};
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_DATA_TEST_CASE(every_task_has_its_outcome_when_a_part_dies,
                     data::make(components), component) {
  crashing_world world{tv::supervisor_config{}.with_max_concurrent(4)};
  std::vector<tv::watched_task> tasks{
    world.watch("runs", does::hang), world.watch("backs off", does::fail),
    world.watch("ignores its stop", does::ignore_stop),
    world.watch("stops", does::ignore_stop),
    world.watch("waits for a permit", does::hang)};
  auto limited = world.handle().cancel_with_timeout("stops", 1h);
  auto unlimited = world.handle().cancel("stops");
  world.advance(1s);
  world.kill(component);
  world.run();
  for (auto& x : tasks) {
    BOOST_TEST_REQUIRE(x.ended.ready());
    BOOST_TEST(tv::label(world.wait(x.ended)->kind)
               == tv::label(outcome_kind::crashed));
  }
  BOOST_TEST(*world.wait(limited));
  BOOST_TEST(!*world.wait(unlimited));
  BOOST_TEST(world.actors_left() == 0u);
}

BOOST_DATA_TEST_CASE(the_event_names_the_part_that_died, data::make(components),
                     component) {
  crashing_world world;
  world.kill(component);
  world.run();
  auto failures = world.events().of(tv::event_kind::runtime_failure);
  BOOST_TEST_REQUIRE(failures.size() == 1u);
  BOOST_TEST(failures.front().task == component);
  BOOST_TEST(failures.front().reason.find("kill") != std::string::npos);
}

BOOST_DATA_TEST_CASE(every_operation_is_answered_after_a_part_died,
                     data::make(components), component) {
  crashing_world world;
  auto& handle = world.handle();
  world.kill(component);
  // Not yet noticed, and noticed.
  for (auto noticed : {false, true}) {
    auto added = handle.add(tv::task_spec{"t", scripted_task{{{does::ok}}}});
    auto removed = handle.remove("spy");
    auto canceled = handle.cancel("spy");
    auto list = handle.list();
    auto ended = handle.shutdown();
    world.run();
    BOOST_TEST_REQUIRE(added.ready());
    BOOST_TEST_REQUIRE(removed.ready());
    BOOST_TEST_REQUIRE(canceled.ready());
    BOOST_TEST_REQUIRE(list.ready());
    BOOST_TEST_REQUIRE(ended.ready());
    if (noticed) {
      BOOST_TEST((code_of(world.wait(added)) == tv::errc::shutting_down));
      BOOST_TEST((code_of(world.wait(removed)) == tv::errc::shutting_down));
      BOOST_TEST((code_of(world.wait(canceled)) == tv::errc::shutting_down));
      BOOST_TEST(world.wait(list)->empty());
    }
    BOOST_TEST((code_of(world.wait(ended)) == tv::errc::runtime_failed));
  }
}

BOOST_DATA_TEST_CASE(commands_that_wait_for_room_are_refused_when_a_part_dies,
                     data::make(components), component) {
  crashing_world world{tv::supervisor_config{}.with_command_queue_capacity(1)};
  world.kill(component);
  std::vector<tv::pending<tv::watched_task>> waiting;
  for (int i = 0; i < 4; ++i)
    waiting.push_back(world.handle().add_and_watch(
      tv::task_spec{std::to_string(i), scripted_task{{{does::hang}}}}));
  world.run();
  for (auto& x : waiting) {
    BOOST_TEST_REQUIRE(x.ready());
    if (auto task = world.wait(x)) // the timers died: it came in before
      BOOST_TEST(task->ended.ready());
    else
      BOOST_TEST((tv::code_of(task.error()) == tv::errc::shutting_down));
  }
}

BOOST_DATA_TEST_CASE(a_shutdown_under_way_ends_when_a_part_dies,
                     data::make(components), component) {
  crashing_world world;
  auto task = world.watch("ignores its stop", does::ignore_stop);
  auto ended = world.handle().shutdown();
  world.advance(1s);
  BOOST_TEST(!ended.ready());
  world.kill(component);
  world.run();
  BOOST_TEST_REQUIRE(ended.ready());
  BOOST_TEST((code_of(world.wait(ended)) == tv::errc::runtime_failed));
  BOOST_TEST(task.ended.ready());
  BOOST_TEST(world.actors_left() == 0u);
}

BOOST_DATA_TEST_CASE(a_stuck_subscriber_does_not_hold_up_the_end_after_a_death,
                     data::make(components) * data::make({false, true}),
                     component, in_closing) {
  crashing_world world{tv::supervisor_config{}.with_subscriber_grace(5s)};
  auto deaf = world.system().spawn<deaf_sink>();
  world.publisher().attach("deaf", caf::actor_cast<caf::strong_actor_ptr>(deaf),
                           std::make_shared<tv::event_queue>(SIZE_MAX));
  if (!in_closing)
    world.kill(component);
  auto ended = world.handle().shutdown();
  world.run();
  world.advance(1s);
  BOOST_TEST(!ended.ready());
  if (in_closing)
    world.kill(component);
  world.advance(4s - 1ns);
  BOOST_TEST(!ended.ready());
  world.advance(1ns);
  BOOST_TEST_REQUIRE(ended.ready());
  caf::anon_send_exit(deaf, caf::exit_reason::kill);
  BOOST_TEST(world.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_supervisors_actor_answers_everybody) {
  crashing_world world;
  auto task = world.watch("ignores its stop", does::ignore_stop);
  auto ended = world.handle().shutdown();
  world.advance(1s);
  world.kill("supervisor");
  world.run();
  BOOST_TEST_REQUIRE(ended.ready());
  BOOST_TEST((code_of(world.wait(ended)) == tv::errc::shutting_down));
  BOOST_TEST_REQUIRE(task.ended.ready());
  auto list = world.handle().list();
  auto added =
    world.handle().add(tv::task_spec{"t", scripted_task{{{does::ok}}}});
  world.run();
  BOOST_TEST(list.ready());
  BOOST_TEST(added.ready());
  BOOST_TEST(world.actors_left() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
