#include "controller_world.hpp"

#include "taskvisor/supervisor/blocking.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

namespace {

/// Every event of one id or of a slot's key, in order: `label`, with the reason
/// of a transition.
std::string story(controller_world& w, task_id id, std::string_view slot) {
  std::string result;
  for (const auto& x : w.world.events().all()) {
    auto transition = x.kind == event_kind::controller_slot_transition;
    if (transition ? x.task != slot : x.id != id)
      continue;
    result += result.empty() ? "" : " ";
    result += transition ? x.reason : std::string{label(x.kind)};
  }
  return result;
}

/// Where the event of a kind and id stands; -1 if there is none.
std::ptrdiff_t place_of(controller_world& w, event_kind kind, task_id id,
                        std::string_view reason = {}) {
  auto all = w.world.events().all();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].kind == kind && all[i].id == id
        && (reason.empty() || all[i].reason == reason))
      return static_cast<std::ptrdiff_t>(i);
  return -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(controller_test)

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
  std::atomic<bool> started{false};
  std::atomic<bool> release{false};
  auto blocked = task_spec::once("deaf", blocking([&started, &release] {
                                   started = true;
                                   started.notify_one();
                                   release.wait(false);
                                 }));
  auto old = w.watch(submission::queue(blocked).with_slot("s"));
  started.wait(false);
  auto fresh = w.watch(submission::replace(takes("2", 1s)).with_slot("s"));
  w.world.advance(2s);
  BOOST_TEST((w.slots().slot("s")->status == slot_status::stuck));
  BOOST_TEST(!w.ended(fresh));
  auto told = w.world.events().of(event_kind::controller_slot_transition);
  BOOST_TEST(told.back().reason
             == "terminating->stuck: " + to_string(old.id)
                  + " did not end within the grace, 1 waiting");
  release = true;
  release.notify_all();
  while (!w.ended(old))
    std::this_thread::yield(); // the one thread that is not virtual
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

// -- orders -------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(canceling_a_slot_stops_the_owner_and_all_that_wait) {
  controller_world w{{}, supervisor_config{}.with_grace(5s)};
  auto a = w.watch(submission::queue(deaf("a")).with_slot("s"));
  auto b = w.watch(submission::queue(hangs("b")).with_slot("s"));
  auto c = w.watch(submission::queue(hangs("c")).with_slot("s"));
  auto canceled = w.ctrl->cancel_slot("s");
  w.world.run();
  BOOST_TEST(kind_of(w.end_of(b)) == "removed_from_queue");
  BOOST_TEST(kind_of(w.end_of(c)) == "removed_from_queue");
  BOOST_TEST(!canceled.ready());
  auto later = w.watch(submission::queue(takes("d", 1s)).with_slot("s"));
  w.world.advance(5s);
  auto result = *w.world.wait(canceled);
  BOOST_TEST((result.stopped == a.id));
  BOOST_TEST(result.purged == 2u);
  BOOST_TEST(kind_of(w.end_of(a)) == "outcome_force_aborted");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(later)) == "outcome_completed");
}

BOOST_AUTO_TEST_CASE(a_second_cancel_of_a_slot_joins_the_first) {
  controller_world w{{}, supervisor_config{}.with_grace(5s)};
  auto a = w.watch(submission::queue(deaf("a")).with_slot("s"));
  auto first = w.ctrl->cancel_slot("s");
  auto second = w.ctrl->cancel_slot("s");
  w.world.advance(5s);
  BOOST_TEST((w.world.wait(first)->stopped == a.id));
  BOOST_TEST(!w.world.wait(second)->stopped);
}

BOOST_AUTO_TEST_CASE(an_idle_slot_has_nothing_to_cancel) {
  controller_world w;
  BOOST_TEST((*w.world.wait(w.ctrl->cancel_slot("s")) == slot_cleared{}));
  BOOST_TEST((*w.world.wait(w.ctrl->purge_slot("s")) == slot_cleared{}));
}

BOOST_AUTO_TEST_CASE(purging_a_slot_leaves_the_owner_alone) {
  controller_world w;
  auto a = w.watch(submission::queue(takes("a", 1s)).with_slot("s"));
  auto b = w.watch(submission::queue(hangs("b")).with_slot("s"));
  BOOST_TEST(w.world.wait(w.ctrl->purge_slot("s"))->purged == 1u);
  BOOST_TEST(kind_of(w.end_of(b)) == "removed_from_queue");
  w.world.advance(1s);
  BOOST_TEST(kind_of(w.end_of(a)) == "outcome_completed");
}

const std::uint32_t shard_counts[] = {1, 4};

BOOST_DATA_TEST_CASE(stops_by_id_find_what_waits_and_what_runs,
                     boost::unit_test::data::make(shard_counts), shards) {
  controller_world w{controller_config{}.with_shards(shards)};
  for (int i = 0; i < 8; ++i) {
    auto slot = "slot " + std::to_string(i);
    auto owner = w.watch(submission::queue(hangs(slot + "a")).with_slot(slot));
    auto b = w.watch(submission::queue(hangs(slot + "b")).with_slot(slot));
    auto c = w.watch(submission::queue(hangs(slot + "c")).with_slot(slot));
    auto& handle = w.world.handle();
    BOOST_TEST(*w.world.wait(handle.remove(b.id)));
    BOOST_TEST(!*w.world.wait(handle.remove(b.id)));
    BOOST_TEST(kind_of(w.end_of(b)) == "removed_from_queue");
    BOOST_TEST(*w.world.wait(handle.cancel(owner.id)));
    BOOST_TEST(kind_of(w.end_of(owner)) == "outcome_canceled");
    BOOST_TEST((w.slots().slot(slot)->owner == c.id));
    BOOST_TEST(!*w.world.wait(handle.cancel(owner.id)));
    BOOST_TEST(!*w.world.wait(handle.remove(task_id::next())));
  }
  BOOST_TEST(w.slots().running_count() == 8u);
  BOOST_TEST(w.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(stops_by_id_come_behind_the_submissions_of_the_caller) {
  controller_world w;
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto prepared = controller::prepare_submission(
    submission::queue(hangs("2")).with_slot("s"));
  auto id = prepared.id();
  auto submitted = w.ctrl->submit(std::move(prepared));
  auto removed = w.world.handle().remove(id);
  BOOST_TEST((*w.world.wait(submitted) == id));
  BOOST_TEST(*w.world.wait(removed));
}

BOOST_AUTO_TEST_CASE(stops_by_name_do_not_see_what_waits) {
  controller_world w;
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  w.watch(submission::queue(hangs("2")).with_slot("s"));
  BOOST_TEST(!*w.world.wait(w.world.handle().cancel("2")));
  BOOST_TEST(*w.world.wait(w.world.handle().cancel("1")));
  BOOST_TEST(*w.world.wait(w.world.handle().cancel("2")));
}

// -- events -------------------------------------------------------------------

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

// -- shutdown -----------------------------------------------------------------

BOOST_DATA_TEST_CASE(a_shutdown_rejects_what_waits_and_stops_what_runs,
                     boost::unit_test::data::make(shard_counts), shards) {
  controller_world w{controller_config{}.with_shards(shards)};
  auto owner = w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto waits = w.watch(submission::queue(hangs("2")).with_slot("s"));
  auto replaces = w.watch(submission::replace(hangs("3")).with_slot("t"));
  auto buffered =
    w.ctrl->submit_and_watch(submission::queue(hangs("4")).with_slot("s"));
  auto canceled = w.ctrl->cancel_slot("u");
  auto ended = w.world.handle().shutdown();
  BOOST_TEST(w.world.wait(ended)->within_grace());
  BOOST_TEST(kind_of(w.end_of(owner)) == "outcome_canceled");
  BOOST_TEST(kind_of(w.end_of(waits)) == "controller_shutting_down");
  BOOST_TEST(kind_of(w.end_of(replaces)) == "outcome_canceled");
  BOOST_TEST(kind_of(*w.world.wait(w.world.wait(buffered)->ended))
             == "controller_shutting_down");
  BOOST_TEST(canceled.ready());
  BOOST_TEST((
    code_of(w.world.wait(w.ctrl->submit(submission::queue(hangs("5")))).error())
    == errc::controller_closed));
  BOOST_TEST((code_of(w.world.wait(w.ctrl->cancel_slot("s")).error())
              == errc::controller_closed));
  BOOST_TEST(w.slots().empty());
  BOOST_TEST((code_of(controller::attach(w.world.handle()).error())
              == errc::invalid_config));
  BOOST_TEST(w.actors_left() == 0u);
}

BOOST_AUTO_TEST_CASE(shutdown_rejections_come_after_its_request) {
  using enum event_kind;
  controller_world w;
  w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto waits = w.watch(submission::queue(hangs("2")).with_slot("s"));
  auto ended = w.world.handle().shutdown();
  BOOST_TEST(w.world.wait(ended)->within_grace());
  auto requested = place_of(w, shutdown_requested, task_id{});
  auto rejected = place_of(w, controller_rejected, waits.id);
  BOOST_TEST(requested >= 0);
  BOOST_TEST(requested < rejected);
  BOOST_TEST(story(w, waits.id, "")
             == "controller_submitted controller_rejected");
}

BOOST_AUTO_TEST_CASE(who_is_about_to_be_added_at_the_shutdown_is_rejected) {
  controller_world w;
  auto first = w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto canceled = w.ctrl->cancel_slot("s");
  auto second =
    w.ctrl->submit_and_watch(submission::queue(hangs("2")).with_slot("s"));
  auto ended = w.world.handle().shutdown();
  BOOST_TEST(w.world.wait(ended)->within_grace());
  BOOST_TEST(kind_of(w.end_of(first)) == "outcome_canceled");
  BOOST_TEST(canceled.ready());
  BOOST_TEST(kind_of(*w.world.wait(w.world.wait(second)->ended))
             == "controller_shutting_down");
}

BOOST_AUTO_TEST_CASE(a_killed_controller_leaves_nobody_without_an_outcome) {
  controller_world w;
  auto owner = w.watch(submission::queue(hangs("1")).with_slot("s"));
  auto waits = w.watch(submission::queue(hangs("2")).with_slot("s"));
  caf::anon_send_exit(w.ctrl->actor(), caf::exit_reason::kill);
  w.world.run();
  BOOST_TEST(kind_of(w.end_of(waits)) == "controller_shutting_down");
  BOOST_TEST(kind_of(w.end_of(owner)) == "outcome_canceled");
  BOOST_TEST((
    code_of(w.world.wait(w.ctrl->submit(submission::queue(hangs("3")))).error())
    == errc::controller_closed));
  BOOST_TEST(w.world.events().count(event_kind::runtime_failure) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
