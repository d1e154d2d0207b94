#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/stuck_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::errc;
using tv::event_kind;
using tv::outcome_kind;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

constexpr auto grace = 10s;
constexpr auto subscriber_grace = 5s;

tv::supervisor_config config() {
  return tv::supervisor_config{}.with_grace(grace).with_subscriber_grace(
    subscriber_grace);
}

tv::task_spec scripted(std::string name, does what, tv::duration after = 0s) {
  return tv::task_spec::once(std::move(name), scripted_task{{{what, after}}});
}

/// Takes events and never ends by itself.
class endless_sink : public tv::event_sink_actor::base {
public:
  explicit endless_sink(caf::actor_config& cfg)
    : tv::event_sink_actor::base(cfg) {}

  behavior_type make_behavior() override {
    return {[](const tv::event&) {}, [](const tv::close_sink&) {}};
  }
};

/// A world whose shutdown has got as far as the phase says.
class stopping_world : public virtual_world {
public:
  enum class phase { open, draining, aborting, closing, closed };

  explicit stopping_world(phase until) : virtual_world(config()) {
    sink_ = system().spawn<endless_sink>();
    publisher().attach("endless", caf::actor_cast<caf::strong_actor_ptr>(sink_),
                       std::make_shared<tv::event_queue>(SIZE_MAX));
    add(scripted("stays", does::ignore_stop));
    stuck = watch(tv::task_spec::once("deaf", deaf_));
    run();
    if (until == phase::open)
      return;
    ended.emplace(handle().shutdown());
    run();
    if (until >= phase::aborting)
      advance(grace);
    if (until >= phase::closing)
      advance(1s);
    if (until == phase::closed)
      advance(subscriber_grace);
  }

  ~stopping_world() {
    deaf_.release();
    caf::anon_send_exit(sink_, caf::exit_reason::kill);
  }

  std::optional<tv::pending<tv::shutdown_report>> ended;
  tv::watched_task stuck{{}, tv::pending<tv::outcome>::resolved(tv::outcome{})};

private:
  tv::testing::stuck_task deaf_;
  tv::event_sink_actor sink_;
};

using phase = stopping_world::phase;

std::ostream& operator<<(std::ostream& out, phase x) {
  constexpr const char* names[] = {"open", "draining", "aborting", "closing",
                                   "closed"};
  return out << names[static_cast<int>(x)];
}

const std::vector<phase> phases_of_shutdown{phase::draining, phase::aborting,
                                            phase::closing, phase::closed};

template <class T>
errc code(stopping_world& world, tv::pending<T> x) {
  return tv::code_of(world.wait(x).error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(shutdown)

BOOST_DATA_TEST_CASE(every_change_is_refused_in_every_phase_of_the_shutdown,
                     data::make(phases_of_shutdown), until) {
  stopping_world world{until};
  auto& handle = world.handle();
  auto spec = scripted("late", does::ok);
  BOOST_TEST((code(world, handle.add(spec)) == errc::shutting_down));
  BOOST_TEST((code(world, handle.try_add(spec)) == errc::shutting_down));
  BOOST_TEST((code(world, handle.add_and_watch(spec)) == errc::shutting_down));
  BOOST_TEST((code(world, handle.remove("stays")) == errc::shutting_down));
  BOOST_TEST((code(world, handle.cancel("stays")) == errc::shutting_down));
  BOOST_TEST((code(world, handle.cancel_with_timeout("stays", 1s))
              == errc::shutting_down));
  handle.set_max_concurrent(1);
  world.run();
  BOOST_TEST(world.events().count(event_kind::task_add_requested) == 2u);
}

BOOST_DATA_TEST_CASE(questions_are_answered_in_every_phase_of_the_shutdown,
                     data::make(phases_of_shutdown), until) {
  stopping_world world{until};
  auto names = *world.wait(world.handle().alive());
  auto expected = std::vector<std::string>{};
  if (until == phase::draining)
    expected = {"deaf", "stays"};
  else if (until != phase::closed)
    expected = {"deaf"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(every_caller_gets_the_same_report,
                     data::make(phases_of_shutdown), until) {
  stopping_world world{until};
  auto late = world.wait(world.handle().shutdown(), 1h);
  auto first = world.wait(std::move(*world.ended));
  auto sorted = [](auto names) {
    std::sort(names.begin(), names.end());
    return names;
  };
  auto expected = std::vector<std::string>{"deaf", "stays"};
  BOOST_TEST(sorted(first->aborted) == expected,
             boost::test_tools::per_element());
  BOOST_TEST(sorted(late->aborted) == expected,
             boost::test_tools::per_element());
  BOOST_TEST_REQUIRE(late->left_behind.size() == 1u);
  BOOST_TEST(late->left_behind[0].name == "deaf");
  BOOST_TEST(world.events().count(event_kind::shutdown_requested) == 1u);
  BOOST_TEST(world.events().count(event_kind::grace_exceeded) == 1u);
}

BOOST_AUTO_TEST_CASE(the_shutdown_ends_at_its_deadline) {
  stopping_world world{phase::open};
  world.advance(3s);
  auto begin = world.elapsed();
  auto report = world.wait(world.handle().shutdown(), 1h);
  auto took = world.elapsed() - begin;
  BOOST_TEST((took >= grace + subscriber_grace));
  BOOST_TEST((took < grace + subscriber_grace + 100ms));
  const auto& deaf = report->left_behind.at(0);
  BOOST_TEST((deaf.state == tv::task_state::stuck));
  BOOST_TEST((deaf.body == tv::body_kind::blocking));
  BOOST_TEST(deaf.attempt == 1u);
  BOOST_TEST((deaf.attempt_age >= 13s && deaf.attempt_age < 13100ms));
}

BOOST_AUTO_TEST_CASE(who_is_left_behind_gets_its_outcome_all_the_same) {
  stopping_world world{phase::closed};
  auto result = world.wait(world.stuck.ended);
  BOOST_TEST((result->kind == outcome_kind::force_aborted));
}

BOOST_AUTO_TEST_CASE(a_stuck_attempt_is_reported_once_and_keeps_its_name) {
  virtual_world world{config()};
  tv::testing::stuck_task deaf;
  auto task = world.watch(tv::task_spec::once("t", deaf));
  BOOST_TEST(*world.wait(world.handle().remove("t")));
  BOOST_TEST((world.wait(world.handle().list())->at(0).state
              == tv::task_state::stopping));
  world.advance(grace + 1s);
  BOOST_TEST(world.events().count(event_kind::attempt_stuck) == 1u);
  auto listed = world.wait(world.handle().list())->at(0);
  BOOST_TEST((listed.state == tv::task_state::stuck));
  auto twin = world.wait(world.handle().add(scripted("t", does::ok)));
  BOOST_TEST((tv::code_of(twin.error()) == errc::task_already_exists));
  deaf.release();
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::force_aborted));
}

BOOST_AUTO_TEST_CASE(a_restart_storm_ends_with_the_shutdown) {
  virtual_world world{config()};
  for (int i = 0; i != 100; ++i)
    world.add(tv::task_spec::restartable(std::to_string(i),
                                         scripted_task{{{does::fail}}})
                .with_backoff(tv::backoff_policy::constant(1ms)));
  world.advance(10ms);
  BOOST_TEST(world.events().count(event_kind::backoff_scheduled) >= 900u);
  auto report = world.wait(world.handle().shutdown());
  BOOST_TEST(report->within_grace());
  BOOST_TEST(world.events().count(event_kind::task_removed) == 100u);
}

BOOST_AUTO_TEST_CASE(commands_before_the_shutdown_are_carried_out) {
  virtual_world world{config()};
  auto added = world.handle().add_and_watch(scripted("t", does::hang));
  auto ended = world.handle().shutdown();
  auto late = world.handle().add(scripted("late", does::ok));
  world.run();
  BOOST_TEST((added.get()->ended.get()->kind == outcome_kind::canceled));
  BOOST_TEST(ended.get()->within_grace());
  BOOST_TEST(world.events().count(event_kind::task_added)
               + (late.get() ? 0u : 1u)
             == 2u);
}

BOOST_AUTO_TEST_CASE(a_zero_grace_aborts_at_once) {
  virtual_world world{config().with_grace(0s)};
  auto task = world.watch(scripted("t", does::ignore_stop));
  auto report = world.wait(world.handle().shutdown(), 1s);
  BOOST_TEST(world.elapsed().count() == 0);
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::force_aborted));
  BOOST_TEST(report->aborted.size() == 1u);
  BOOST_TEST(report->left_behind.empty());
}

BOOST_AUTO_TEST_SUITE_END()
