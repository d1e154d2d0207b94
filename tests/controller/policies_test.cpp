#include "controller_world.hpp"

#include "taskvisor/testing/stuck_task.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

BOOST_AUTO_TEST_SUITE(policies_test)

// -- policies -----------------------------------------------------------------

BOOST_AUTO_TEST_CASE(queued_submissions_run_one_after_another) {
  controller_world w;
  auto a = w.watch(submission::queue(takes("a", 1s)).with_slot("s"));
  auto b = w.watch(submission::queue(takes("b", 1s)).with_slot("s"));
  auto c = w.watch(submission::queue(takes("c", 1s)).with_slot("s"));
  BOOST_TEST(w.slots().slot("s")->waiting == 2u);
  BOOST_TEST((w.slots().slot("s")->owner == a.id));
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(a)) == "outcome_completed");
  BOOST_TEST(!w.ended(b));
  BOOST_TEST((w.slots().slot("s")->owner == b.id));
  w.world.advance(2s);
  auto last = w.end_of(c);
  BOOST_TEST(last.is_success());
  BOOST_TEST((last.queued == 2s));
  BOOST_TEST((w.end_of(b).queued == 1s));
  BOOST_TEST(w.slots().empty());
  BOOST_TEST(w.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(slots_are_independent) {
  controller_world w;
  for (const auto* name : {"a", "b", "c"})
    w.watch(submission::queue(hangs(name)));
  auto slots = w.slots();
  BOOST_TEST(slots.running_count() == 3u);
  BOOST_TEST(slots.total_waiting() == 0u);
  BOOST_TEST(slots.slots[0].key == "a");
  BOOST_TEST(slots.slots[2].key == "c");
  BOOST_TEST(w.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(a_replacement_starts_when_the_owner_is_gone) {
  controller_world w;
  auto old = w.watch(submission::queue(hangs("same name")));
  auto fresh = w.watch(submission::replace(takes("same name", 1s)));
  BOOST_TEST(kind_of(w.end_of(old)) == "outcome_canceled");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(fresh)) == "outcome_completed");
}

BOOST_AUTO_TEST_CASE(only_the_newest_replacement_starts) {
  controller_world w{{}, supervisor_config{}.with_grace(5s)};
  auto first = w.watch(submission::queue(deaf("1")).with_slot("s"));
  auto second = w.watch(submission::replace(takes("2", 1s)).with_slot("s"));
  auto third = w.watch(submission::replace(takes("3", 1s)).with_slot("s"));
  BOOST_TEST(kind_of(w.end_of(second)) == "superseded_by_replace");
  BOOST_TEST((w.slots().slot("s")->status == slot_status::terminating));
  w.world.advance(5s);
  BOOST_TEST(kind_of(w.end_of(first)) == "outcome_force_aborted");
  w.world.advance(1s);
  auto last = w.end_of(third);
  BOOST_TEST(kind_of(last) == "outcome_completed");
  BOOST_TEST((last.queued == 5s));
}

BOOST_AUTO_TEST_CASE(a_busy_slot_drops_who_does_not_want_to_wait) {
  controller_world w;
  auto owner = w.watch(submission::queue(takes("1", 1s)).with_slot("s"));
  auto dropped =
    w.watch(submission::drop_if_running(takes("2", 1s)).with_slot("s"));
  auto result = w.end_of(dropped);
  BOOST_TEST(kind_of(result) == "slot_busy");
  BOOST_TEST(result.reason == "the slot belongs to " + to_string(owner.id));
  w.world.advance(1s);
  auto later =
    w.watch(submission::drop_if_running(takes("3", 1s)).with_slot("s"));
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(later)) == "outcome_completed");
}

BOOST_AUTO_TEST_CASE(keep_latest_lets_the_owner_finish_and_keeps_one) {
  controller_world w;
  auto one = w.watch(submission::keep_latest(takes("1", 1s)).with_slot("s"));
  auto two = w.watch(submission::keep_latest(takes("2", 1s)).with_slot("s"));
  auto three = w.watch(submission::keep_latest(takes("3", 1s)).with_slot("s"));
  BOOST_TEST(kind_of(w.end_of(two)) == "superseded_by_replace");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(one)) == "outcome_completed");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(three)) == "outcome_completed");
}

BOOST_AUTO_TEST_CASE(a_full_slot_refuses_those_that_queue) {
  controller_world w{controller_config{}.with_max_slot_queue(1)};
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  w.watch(submission::queue(hangs("2")).with_slot("s"));
  auto third = w.watch(submission::queue(hangs("3")).with_slot("s"));
  auto result = w.end_of(third);
  BOOST_TEST(kind_of(result) == "queue_full");
  BOOST_TEST(result.reason == "1 wait in the slot, the limit is 1");
  BOOST_TEST(w.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(the_next_starts_whatever_the_outcome_was) {
  using what = step::what;
  controller_world w;
  for (auto kind : {what::ok, what::fail, what::fatal, what::canceled}) {
    auto first =
      w.watch(submission::queue(task_spec::once("1", scripted_task{{{kind}}}))
                .with_slot("s"));
    auto second = w.watch(submission::queue(takes("2", 0s)).with_slot("s"));
    BOOST_TEST(w.ended(first));
    w.world.advance(1s);
    BOOST_TEST(kind_of(w.end_of(second)) == "outcome_completed");
  }
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_refused_and_the_slot_goes_on) {
  controller_world w;
  w.world.add(hangs("taken"));
  auto owner = w.watch(submission::queue(takes("1", 1s)).with_slot("s"));
  auto refused = w.watch(submission::queue(hangs("taken")).with_slot("s"));
  auto last = w.watch(submission::queue(takes("3", 1s)).with_slot("s"));
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(refused)) == "already_exists");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(last)) == "outcome_completed");
  BOOST_TEST(w.slots().empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_throws_when_it_begins_wedges_nothing) {
  controller_world w;
  auto throws = [](task_context&) -> attempt {
    throw std::runtime_error{"no body"};
  };
  auto first =
    w.watch(submission::queue(task_spec::once("1", throws)).with_slot("s"));
  auto second = w.watch(submission::queue(takes("2", 1s)).with_slot("s"));
  BOOST_TEST(kind_of(w.end_of(first)) == "outcome_failed");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(second)) == "outcome_completed");
}

// -- a stuck owner ------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_replacement_of_a_stuck_owner_waits_and_says_so) {
  controller_world w{{}, supervisor_config{}.with_grace(1s)};
  testing::stuck_task deaf;
  auto blocked = task_spec::once("deaf", deaf);
  auto old = w.watch(submission::queue(blocked).with_slot("s"));
  auto fresh = w.watch(submission::replace(takes("2", 1s)).with_slot("s"));
  w.world.advance(2s);
  BOOST_TEST((w.slots().slot("s")->status == slot_status::stuck));
  BOOST_TEST(!w.ended(fresh));
  auto told = w.world.events().of(event_kind::controller_slot_transition);
  BOOST_TEST(told.back().reason
             == "terminating->stuck: " + to_string(old.id)
                  + " did not end within the grace, 1 waiting");
  deaf.release();
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(fresh)) == "outcome_completed");
}

// -- limits of waiting --------------------------------------------------------

BOOST_AUTO_TEST_CASE(who_waits_too_long_is_rejected) {
  controller_world w;
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto second =
    w.watch(submission::queue(hangs("2")).with_slot("s").with_max_wait(1500ms));
  auto third = w.watch(submission::queue(hangs("3")).with_slot("s"));
  w.world.advance(1499ms);
  BOOST_TEST(!w.ended(second));
  w.world.advance(1ms);
  auto result = w.end_of(second);
  BOOST_TEST(kind_of(result) == "waited_too_long");
  BOOST_TEST(result.reason == "it did not start within 1500ms");
  BOOST_TEST((result.queued == 1500ms));
  BOOST_TEST(!w.ended(third));
  auto told = w.world.events().of(event_kind::controller_rejected);
  BOOST_TEST((told.back().queued == 1500ms));
  BOOST_TEST(w.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(the_limit_of_the_controller_holds_where_none_is_given) {
  controller_world w{controller_config{}.with_max_wait(1s)};
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto second = w.watch(submission::queue(hangs("2")).with_slot("s"));
  auto patient =
    w.watch(submission::queue(hangs("3")).with_slot("s").with_max_wait(0s));
  w.world.advance(1h);
  BOOST_TEST(kind_of(w.end_of(second)) == "waited_too_long");
  BOOST_TEST(!w.ended(patient));
}

BOOST_AUTO_TEST_CASE(who_has_started_in_time_is_not_rejected_later) {
  controller_world w;
  w.watch(submission::queue(takes("1", 1s)).with_slot("s"));
  auto second =
    w.watch(submission::queue(takes("2", 5s)).with_slot("s").with_max_wait(2s));
  w.world.advance(10s);
  BOOST_TEST(kind_of(w.end_of(second)) == "outcome_completed");
}

BOOST_AUTO_TEST_SUITE_END()
