#include "taskvisor/supervisor/actor_task.hpp"

#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::testing::virtual_world;

namespace {

/// Ends as soon as it is told to, with the given reason.
class worker : public caf::event_based_actor {
public:
  worker(caf::actor_config& cfg, caf::error end)
    : caf::event_based_actor(cfg), end_(std::move(end)) {}

  caf::behavior make_behavior() override {
    return {[this](int) { quit(end_); },
            [](const std::string& x) { return x; }};
  }

private:
  caf::error end_;
};

/// Stays after an exit message: only a kill ends it.
class stubborn_worker : public caf::event_based_actor {
public:
  explicit stubborn_worker(caf::actor_config& cfg)
    : caf::event_based_actor(cfg) {
    tv::detail::handle_exit(this, [](caf::exit_msg&) {});
  }

  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};

using echo_actor = caf::typed_actor<tv::detail::sig<int(int)>>;

class echo_state : public echo_actor::base {
public:
  explicit echo_state(caf::actor_config& cfg) : echo_actor::base(cfg) {}

  behavior_type make_behavior() override {
    return {[this](int x) {
      quit();
      return x;
    }};
  }
};

/// Remembers the newest actor that a factory made.
struct hatchery {
  caf::actor newest;
  int made = 0;
};

auto hatching(const std::shared_ptr<hatchery>& nest, caf::error end = {}) {
  return tv::actor_task([nest, end](caf::actor_system& sys) {
    nest->newest = sys.spawn<worker>(end);
    ++nest->made;
    return nest->newest;
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(actor_task)

BOOST_AUTO_TEST_CASE(a_normal_end_is_success) {
  virtual_world world;
  auto nest = std::make_shared<hatchery>();
  auto task = world.watch(tv::task_spec::restartable("t", hatching(nest)));
  world.run();
  BOOST_TEST(!task.ended.ready());
  tv::detail::post(nest->newest, 1);
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::completed));
  BOOST_TEST(nest->made == 1);
}

BOOST_AUTO_TEST_CASE(an_error_is_a_failure_with_its_reason_and_a_fresh_actor) {
  virtual_world world;
  auto nest = std::make_shared<hatchery>();
  auto task = world.watch(
    tv::task_spec::restartable(
      "t", hatching(nest, tv::make_error(tv::errc::stopped, "no more oil")))
      .with_backoff(tv::backoff_policy::constant(2s))
      .with_max_retries(1));
  world.run();
  tv::detail::post(nest->newest, 1);
  world.advance(2s);
  BOOST_TEST(nest->made == 2);
  tv::detail::post(nest->newest, 1);
  auto result = world.wait(task.ended);
  BOOST_TEST((result->kind == outcome_kind::failed));
  BOOST_TEST(result->reason
             == "1 of 1 retries used: the actor ended: stopped: no more oil");
  nest->newest = nullptr;
}

BOOST_AUTO_TEST_CASE(a_cancel_is_an_exit_message) {
  virtual_world world;
  auto nest = std::make_shared<hatchery>();
  auto task = world.watch(tv::task_spec::once("t", hatching(nest)));
  world.run();
  BOOST_TEST(*world.wait(world.handle().cancel("t")));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::canceled));
  BOOST_TEST(world.elapsed().count() == 0);
  nest->newest = nullptr;
  BOOST_TEST(world.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(an_actor_that_stays_is_killed_when_the_grace_is_over) {
  virtual_world world{tv::supervisor_config{}.with_grace(3s)};
  auto task = world.watch(
    tv::task_spec::once("t", tv::actor_task([](caf::actor_system& sys) {
                          return sys.spawn<stubborn_worker>();
                        })));
  auto removed = world.wait(world.handle().remove("t"));
  world.advance(2999ms);
  BOOST_TEST(!task.ended.ready());
  world.advance(1ms);
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::force_aborted));
  BOOST_TEST(world.events().count(tv::event_kind::attempt_stuck) == 0u);
  BOOST_TEST(world.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(a_timeout_is_an_exit_message_and_counts_as_timeout) {
  virtual_world world;
  auto nest = std::make_shared<hatchery>();
  auto task =
    world.watch(tv::task_spec::once("t", hatching(nest)).with_timeout(5s));
  world.advance(5s);
  auto result = world.wait(task.ended);
  BOOST_TEST((result->kind == outcome_kind::failed));
  BOOST_TEST(result->reason == "timed out after 5s");
  nest->newest = nullptr;
}

BOOST_AUTO_TEST_CASE(a_factory_may_be_typed_and_take_the_context) {
  virtual_world world;
  auto answer = std::make_shared<int>(0);
  auto task = world.watch(tv::task_spec::once(
    "t", tv::actor_task([](tv::task_context& ctx) {
      auto echo = ctx.system().spawn<echo_state>();
      tv::detail::post(echo, static_cast<int>(ctx.attempt()));
      return echo;
    })));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::completed));
}

BOOST_AUTO_TEST_CASE(a_factory_that_throws_fails_the_attempt) {
  virtual_world world;
  auto task = world.watch(tv::task_spec::once(
    "t", tv::actor_task([](caf::actor_system&) -> caf::actor {
      throw tv::fatal{"no room"};
    })));
  auto result = world.wait(task.ended);
  BOOST_TEST((result->kind == outcome_kind::fatal));
  BOOST_TEST(result->reason == "no room");
}

BOOST_AUTO_TEST_CASE(an_actor_that_was_dead_before_is_noticed) {
  virtual_world world;
  auto nest = std::make_shared<hatchery>();
  auto task = world.watch(tv::task_spec::once(
    "t", tv::actor_task([nest](caf::actor_system& sys) {
      nest->newest = sys.spawn<worker>(caf::error{});
      caf::anon_send_exit(nest->newest, caf::exit_reason::kill);
      return nest->newest;
    })));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::failed));
  nest->newest = nullptr;
}

BOOST_AUTO_TEST_CASE(the_end_of_the_tasks_own_actor_ends_the_workers) {
  virtual_world world;
  auto nest = std::make_shared<hatchery>();
  auto ended = std::make_shared<int>(0);
  auto task = world.watch(tv::task_spec::once(
    "t", tv::actor_task([nest, ended](tv::task_context& ctx) {
      nest->newest = ctx.system().spawn<worker>(caf::error{});
      nest->newest->attach_functor([ended](const caf::error&) { ++*ended; });
      return nest->newest;
    })));
  world.run();
  auto report = world.wait(world.handle().shutdown(), 1h);
  BOOST_TEST(report->within_grace());
  BOOST_TEST(*ended == 1);
  nest->newest = nullptr;
}

BOOST_AUTO_TEST_SUITE_END()
