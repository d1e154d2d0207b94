#include "support/state_follower.hpp"

#include "taskvisor/subscribers/subscriber.hpp"
#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace taskvisor;
using taskvisor::testing::scripted_task;
using taskvisor::testing::step;
using taskvisor::testing::virtual_world;

namespace {

/// A world, and one who follows its state.
struct followed_world {
  explicit followed_world(supervisor_config config = {}) : world(config) {}

  void follow() {
    sink = caf::actor_cast<caf::strong_actor_ptr>(
      world.system().spawn<test::state_follower>(report));
    world.publisher().attach("follower", sink);
    world.publisher().request_state(sink);
  }

  std::shared_ptr<test::follower_report> report =
    std::make_shared<test::follower_report>();
  virtual_world world;
  caf::strong_actor_ptr sink;
};

task_spec random_spec(std::string name, std::mt19937& random) {
  using what = step::what;
  static const std::vector<std::vector<step>> scripts{
    {{what::ok}},
    {{what::fail}, {what::throw_error}, {what::slow, 3s}, {what::ok}},
    {{what::slow, 2s}},
    {{what::hang}},
    {{what::ignore_stop}},
    {{what::fatal}},
  };
  auto body = scripted_task{scripts[random() % scripts.size()]};
  auto spec = random() % 3 == 0 ? task_spec::periodic(std::move(name), 1s, body)
                                : task_spec::restartable(std::move(name), body);
  spec = spec.with_backoff(backoff_policy::constant(1s));
  if (random() % 3 == 0)
    spec = spec.with_timeout(1500ms);
  return spec;
}

/// Something happens: a command, a few steps of the actors, or time.
void happen(followed_world& x, std::mt19937& random) {
  auto name = "t" + std::to_string(random() % 8);
  auto& handle = x.world.handle();
  switch (random() % 8) {
    case 0:
    case 1:
      static_cast<void>(handle.add(random_spec(name, random)));
      break;
    case 2:
      static_cast<void>(handle.remove(name));
      break;
    case 3:
      handle.set_max_concurrent(static_cast<std::uint32_t>(random() % 4));
      break;
    case 4:
      x.world.advance(std::chrono::milliseconds{random() % 2'000});
      break;
    case 5:
      if (x.sink)
        x.world.publisher().request_state(x.sink);
      break;
    default:
      for (auto n = random() % 6; n != 0; --n)
        testing::detail::run_one_job(x.world.system());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(snapshot_test)

BOOST_AUTO_TEST_CASE(a_snapshot_and_the_events_after_it_equal_the_next_one) {
  std::size_t compared = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random{seed};
    supervisor_config config;
    config.grace = 1s;
    followed_world sut{config};
    auto late = random() % 40;
    for (unsigned i = 0; i < 120; ++i) {
      if (i == late)
        sut.follow();
      happen(sut, random);
    }
    sut.world.publisher().request_state(sut.sink);
    sut.world.run();
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(sut.report->difference == "");
      BOOST_TEST(sut.report->snapshots >= 2u);
    }
    compared += sut.report->compared_tasks;
  }
  BOOST_TEST(compared > 10'000u);
}

BOOST_AUTO_TEST_CASE(a_late_subscriber_gets_the_state_and_then_what_follows) {
  std::vector<std::string> seen; // outlives the subscriber
  virtual_world world;
  world.add(task_spec::once("early", scripted_task{{{step::what::hang}}}));
  world.run();
  auto sub = attach_subscriber(
    world.system(), world.shared_publisher(),
    {.on_snapshot =
       [&](const state_snapshot& x) {
         for (const auto& info : x.tasks)
           seen.push_back("has " + info.name + ' '
                          + std::string{label(info.state)});
       }},
    [&](const event& x) {
      if (x.state)
        seen.push_back(x.task + ' ' + std::string{label(*x.state)});
    });
  BOOST_TEST_REQUIRE(static_cast<bool>(sub));
  world.add(task_spec::once("late", scripted_task{{{step::what::ok}}}));
  world.run();
  const std::vector<std::string> expected{"has early running", "late starting",
                                          "late running", "late ended"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_state_of_a_task_is_told) {
  supervisor_config config;
  config.grace = 1s;
  config.max_concurrent = 1;
  virtual_world world{config};
  world.add(task_spec::once("first", scripted_task{{{step::what::slow, 1s}}}));
  auto id = world.add(task_spec::restartable(
    "t", scripted_task{{{step::what::fail}, {step::what::hang}}}));
  world.advance(10s);
  static_cast<void>(world.handle().remove(id));
  world.advance(10s);
  BOOST_TEST(world.events().states_of("t")
             == "starting waiting_for_permit running ended backing_off "
                "waiting_for_permit running stopping ended");
}

BOOST_AUTO_TEST_CASE(without_a_supervisor_the_state_is_empty) {
  virtual_world world; // for its actor system
  auto publisher = std::make_shared<event_publisher>();
  std::size_t tasks = 77;
  auto sub = attach_subscriber(
    world.system(), publisher,
    {.on_snapshot = [&](const state_snapshot& x) { tasks = x.tasks.size(); }},
    [](const event&) {});
  world.run();
  BOOST_TEST(tasks == 0u);
  sub->detach();
  world.run();
}

BOOST_AUTO_TEST_SUITE_END()
