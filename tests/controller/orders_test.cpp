#include "controller_world.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

BOOST_AUTO_TEST_SUITE(orders_test)

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

BOOST_AUTO_TEST_SUITE_END()
