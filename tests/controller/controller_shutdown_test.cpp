#include "controller_world.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

BOOST_AUTO_TEST_SUITE(controller_shutdown_test)

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
