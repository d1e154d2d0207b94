#include "controller_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

BOOST_AUTO_TEST_SUITE(bounds_test)

// -- bounds and bad input -----------------------------------------------------

BOOST_AUTO_TEST_CASE(a_burst_completes_with_the_smallest_queues) {
  controller_world w{controller_config{}.with_queue_capacity(1),
                     supervisor_config{}.with_command_queue_capacity(1)};
  std::vector<pending<watched_task>> burst;
  for (int i = 0; i < 6; ++i)
    burst.push_back(w.ctrl->submit_and_watch(
      submission::queue(takes(std::to_string(i), 1s))));
  w.world.advance(1s);
  for (auto& x : burst)
    BOOST_TEST(kind_of(*w.world.wait(w.world.wait(x)->ended))
               == "outcome_completed");
}

BOOST_AUTO_TEST_CASE(only_a_try_fails_when_the_queue_is_full) {
  controller_world w{controller_config{}.with_queue_capacity(1)};
  auto first = w.ctrl->try_submit(submission::queue(hangs("1")));
  auto second = w.ctrl->try_submit(submission::queue(hangs("2")));
  auto watched = w.ctrl->try_submit_and_watch(submission::queue(hangs("3")));
  auto patient = w.ctrl->submit(submission::queue(hangs("4")));
  BOOST_TEST(!!w.world.wait(first));
  BOOST_TEST((code_of(w.world.wait(second).error()) == errc::controller_full));
  BOOST_TEST((code_of(w.world.wait(watched).error()) == errc::controller_full));
  BOOST_TEST(!!w.world.wait(patient));
  BOOST_TEST(w.slots().running_count() == 2u);
}

BOOST_AUTO_TEST_CASE(wrong_submissions_are_refused_with_a_clear_error) {
  controller_world w;
  auto refusal = [&](const submission& x) {
    return describe(w.world.wait(w.ctrl->submit(x)).error());
  };
  auto good = submission::queue(hangs("1"));
  BOOST_TEST(refusal(good.with_slot(""))
             == "invalid_config: slot = '': must not be empty");
  BOOST_TEST(refusal(good.with_max_wait(-1s))
             == "invalid_config: max_wait = -1s: must not be negative");
  BOOST_TEST(refusal(submission::queue(hangs("")))
             == "invalid_config: name = '': must not be empty");
  BOOST_TEST(refusal(submission::queue(hangs("1").with_timeout(-1s)))
             == "invalid_config: timeout = -1s: must not be negative");
  BOOST_TEST(w.slots().empty());
  BOOST_TEST(w.world.events().count(event_kind::controller_rejected) == 0u);
}

BOOST_AUTO_TEST_CASE(wrong_configurations_are_refused_before_anything_starts) {
  virtual_world world;
  auto refusal = [&](const controller_config& x) {
    return describe(controller::attach(world.handle(), x).error());
  };
  BOOST_TEST(refusal(controller_config{}.with_queue_capacity(0))
             == "invalid_config: queue_capacity = 0: must be at least 1");
  BOOST_TEST(refusal(controller_config{}.with_shards(0))
             == "invalid_config: shards = 0: must be 1 to 1024");
  BOOST_TEST(refusal(controller_config{}.with_shards(1025))
             == "invalid_config: shards = 1025: must be 1 to 1024");
  BOOST_TEST(refusal(controller_config{}.with_max_wait(-1ns))
             == "invalid_config: max_wait = -1ns: must not be negative");
  BOOST_TEST((code_of(controller_of(world.handle()).error())
              == errc::controller_not_configured));
}

BOOST_AUTO_TEST_CASE(a_supervisor_has_at_most_one_controller) {
  controller_world w;
  BOOST_TEST(describe(controller::attach(w.world.handle()).error())
             == "invalid_config: controller = a second one: at most one a "
                "supervisor");
  w.watch(submission::queue(hangs("1")));
  {
    auto same = controller_of(w.world.handle());
    BOOST_TEST_REQUIRE(!!same);
    BOOST_TEST(w.world.wait(same->snapshot())->running_count() == 1u);
  }
  BOOST_TEST(w.actors_left() == 0u);
}

// -- from a coroutine and from an actor ---------------------------------------

BOOST_AUTO_TEST_CASE(a_task_submits_and_awaits_the_outcome) {
  controller_world w;
  std::string seen;
  auto ctrl = *w.ctrl;
  w.world.add(
    task_spec::once("parent", [ctrl, &seen](task_context&) -> attempt {
      auto child = takes("child", 1s);
      auto task = co_await ctrl.submit_and_watch(submission::queue(child));
      auto result = co_await task->ended;
      seen = kind_of(*result);
    }));
  w.world.advance(1s);
  BOOST_TEST(seen == "outcome_completed");
}

BOOST_AUTO_TEST_CASE(an_actor_is_told_by_a_message) {
  controller_world w;
  auto& system = w.world.system();
  struct teller : caf::event_based_actor {
    teller(caf::actor_config& cfg, std::shared_ptr<std::uint64_t> to)
      : caf::event_based_actor(cfg), to_(std::move(to)) {}
    caf::behavior make_behavior() override {
      return {[this](task_id x) { *to_ = x.value(); }};
    }
    std::shared_ptr<std::uint64_t> to_;
  };
  auto seen = std::make_shared<std::uint64_t>(0);
  auto actor = system.spawn<teller>(seen);
  w.ctrl->submit(submission::queue(hangs("1")))
    .then(actor, [](caf::expected<task_id> x) { return *x; });
  w.world.run();
  BOOST_TEST((w.slots().slots[0].owner.value() == *seen));
}

BOOST_AUTO_TEST_SUITE_END()
