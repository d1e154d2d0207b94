#include "controller_world.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

BOOST_AUTO_TEST_SUITE(controller_events_test)

BOOST_AUTO_TEST_CASE(events_of_an_idle_slot_come_in_their_order) {
  controller_world w;
  auto a = w.watch(submission::queue(takes("a", 1s)));
  w.world.advance(1s);
  BOOST_TEST(story(w, a.id, "a")
             == "task_add_requested controller_submitted task_added "
                "admitting->running attempt_starting attempt_succeeded "
                "task_finished task_removed");
  auto told = w.world.events().of(event_kind::controller_submitted);
  BOOST_TEST(told[0].reason == "policy=queue status=admitting waiting=0");
  BOOST_TEST(told[0].task == "a");
  BOOST_TEST((told[0].queued == 0s));
}

BOOST_AUTO_TEST_CASE(events_of_one_that_waited_tell_how_long) {
  controller_world w;
  w.watch(submission::queue(takes("a", 1s)).with_slot("s"));
  auto b = w.watch(submission::queue(takes("b", 1s)).with_slot("s"));
  w.world.advance(1s);
  auto told = w.world.events().of(event_kind::controller_submitted);
  BOOST_TEST_REQUIRE(told.size() == 3u);
  BOOST_TEST((told[1].id == b.id));
  BOOST_TEST(told[1].reason == "policy=queue status=running waiting=1");
  BOOST_TEST(!told[1].queued);
  BOOST_TEST((told[2].id == b.id));
  BOOST_TEST((told[2].queued == 1s));
}

BOOST_AUTO_TEST_CASE(events_of_a_replacement_come_in_their_order) {
  using enum event_kind;
  controller_world w;
  auto owner = w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto displaced = w.watch(submission::queue(hangs("2")).with_slot("s"));
  auto fresh = w.watch(submission::replace(hangs("3")).with_slot("s"));
  auto rejected = place_of(w, controller_rejected, displaced.id);
  auto moved =
    place_of(w, controller_slot_transition, task_id{}, "running->terminating");
  auto submitted = place_of(w, controller_submitted, fresh.id);
  auto requested = place_of(w, task_remove_requested, owner.id);
  auto added = place_of(w, task_add_requested, fresh.id);
  auto removed = place_of(w, task_removed, owner.id);
  BOOST_TEST(rejected >= 0);
  BOOST_TEST(rejected < moved);
  BOOST_TEST(moved < submitted);
  BOOST_TEST(submitted < requested);
  BOOST_TEST(requested < removed);
  BOOST_TEST(removed < added);
}

BOOST_AUTO_TEST_CASE(a_purge_is_requested_before_it_is_reported) {
  using enum event_kind;
  controller_world w;
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto b = w.watch(submission::queue(hangs("2")).with_slot("s"));
  auto c = w.watch(submission::queue(hangs("3")).with_slot("s"));
  auto& handle = w.world.handle();
  BOOST_TEST(*w.world.wait(handle.remove(b.id)));
  BOOST_TEST(*w.world.wait(handle.cancel(c.id)));
  BOOST_TEST(story(w, b.id, "")
             == "controller_submitted task_remove_requested "
                "controller_rejected");
  auto told = w.world.events().of(task_remove_requested);
  BOOST_TEST_REQUIRE(told.size() == 2u);
  BOOST_TEST(told[0].task == "2");
  BOOST_TEST(told[0].reason == "");
  BOOST_TEST(told[1].reason == "manual_cancel");
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_registry_is_not_the_controllers) {
  controller_world w;
  w.world.add(hangs("taken"));
  auto refused = w.watch(submission::queue(hangs("taken")));
  BOOST_TEST(kind_of(w.end_of(refused)) == "already_exists");
  BOOST_TEST(story(w, refused.id, "taken")
             == "task_add_requested controller_submitted task_add_failed");
}

BOOST_AUTO_TEST_CASE(a_rejected_submission_has_no_task_events) {
  controller_world w;
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto b = w.watch(submission::drop_if_running(hangs("2")).with_slot("s"));
  BOOST_TEST(story(w, b.id, "") == "controller_rejected");
  auto told = w.world.events().of(event_kind::controller_rejected);
  BOOST_TEST((told[0].outcome == outcome_kind::rejected));
  BOOST_TEST((told[0].rejected == rejection::slot_busy));
  BOOST_TEST(told[0].task == "s");
  BOOST_TEST(told[0].reason == w.end_of(b).reason);
}

BOOST_AUTO_TEST_SUITE_END()
