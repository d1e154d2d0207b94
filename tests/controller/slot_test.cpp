#include "slot.hpp"

#include "slot_text.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

using namespace taskvisor;
using namespace taskvisor::detail;
using namespace taskvisor::test;

namespace {

struct row {
  std::string_view phase;
  std::size_t waiting;
  std::string message;
  std::string_view after;
  std::string_view effects;
};

std::ostream& operator<<(std::ostream& out, const row& x) {
  return out << x.phase << " with " << x.waiting << " waiting: " << x.message;
}

void check(const row& x) {
  auto subject = slot_in(x.phase, x.waiting);
  auto before = text(subject);
  auto effects = perform(subject, x.message);
  BOOST_TEST(effects == x.effects);
  BOOST_TEST(text(subject) == x.after);
  if (effects == "stale")
    BOOST_TEST(text(subject) == before);
}

// -- policy x phase -----------------------------------------------------------

// The line is empty, has room, or is full: the limit is 2.
const row policies[] = {
  {"idle", 0, "queue 4", "admitting 4", "add 4, accepted 4"},
  {"idle", 0, "replace 4", "admitting 4", "add 4, accepted 4"},
  {"idle", 0, "drop_if_running 4", "admitting 4", "add 4, accepted 4"},
  {"idle", 0, "keep_latest 4", "admitting 4", "add 4, accepted 4"},
#define TASKVISOR_BUSY(name)                                                   \
  {name, 0, "queue 4", name " 1 [4]", "accepted 4"},                           \
    {name, 1, "queue 4", name " 1 [2 4]", "accepted 4"},                       \
    {name, 2, "queue 4", name " 1 [2 3]", "reject 4 queue_full"},              \
    {name, 0, "drop_if_running 4", name " 1", "reject 4 slot_busy"},           \
    {name, 1, "drop_if_running 4", name " 1 [2]", "reject 4 slot_busy"},       \
    {name, 0, "keep_latest 4", name " 1 [4]", "accepted 4"},                   \
    {name, 1, "keep_latest 4", name " 1 [4]",                                  \
     "reject 2 superseded_by_replace, accepted 4"},                            \
  {                                                                            \
    name, 2, "keep_latest 4", name " 1 [4]",                                   \
      "reject 2 superseded_by_replace, reject 3 superseded_by_replace, "       \
      "accepted 4"                                                             \
  }
  TASKVISOR_BUSY("admitting"),
  TASKVISOR_BUSY("cancel_pending_admission"),
  TASKVISOR_BUSY("running"),
  TASKVISOR_BUSY("terminating"),
  TASKVISOR_BUSY("stuck"),
#undef TASKVISOR_BUSY
  {"admitting", 0, "replace 4", "cancel_pending_admission 1 [4]",
   "admitting->terminating, accepted 4"},
  {"admitting", 2, "replace 4", "cancel_pending_admission 1 [4 3]",
   "reject 2 superseded_by_replace, admitting->terminating, accepted 4"},
  {"cancel_pending_admission", 0, "replace 4", "cancel_pending_admission 1 [4]",
   "accepted 4"},
  {"cancel_pending_admission", 2, "replace 4",
   "cancel_pending_admission 1 [4 3]",
   "reject 2 superseded_by_replace, accepted 4"},
  {"running", 0, "replace 4", "terminating 1 [4]",
   "running->terminating, accepted 4, stop 1"},
  {"running", 2, "replace 4", "terminating 1 [4 3]",
   "reject 2 superseded_by_replace, running->terminating, accepted 4, stop 1"},
  {"terminating", 0, "replace 4", "terminating 1 [4]", "accepted 4"},
  {"terminating", 2, "replace 4", "terminating 1 [4 3]",
   "reject 2 superseded_by_replace, accepted 4"},
  {"stuck", 0, "replace 4", "stuck 1 [4]", "accepted 4"},
  {"stuck", 2, "replace 4", "stuck 1 [4 3]",
   "reject 2 superseded_by_replace, accepted 4"},
};

// -- message x phase ----------------------------------------------------------

const row messages[] = {
  {"admitting", 0, "added 1", "running 1", "admitting->running"},
  {"admitting", 1, "added 1", "running 1 [2]", "admitting->running"},
  {"admitting", 0, "refused 1", "idle", ""},
  {"admitting", 2, "refused 1", "admitting 2 [3]", "add 2, accepted 2"},
  {"admitting", 1, "ended 1", "admitting 1 [2]", "stale"},
  {"admitting", 1, "stopped 1", "admitting 1 [2]", "stale"},
  {"admitting", 1, "unstoppable 1", "admitting 1 [2]", "stale"},
  {"admitting", 1, "grace_over 1", "admitting 1 [2]", "stale"},
  {"admitting", 1, "cancel", "cancel_pending_admission 1",
   "admitting->terminating, reject 2 removed_from_queue"},
  {"cancel_pending_admission", 0, "added 1", "terminating 1", "stop 1"},
  {"cancel_pending_admission", 1, "added 1", "terminating 1 [2]", "stop 1"},
  {"cancel_pending_admission", 0, "refused 1", "idle", ""},
  {"cancel_pending_admission", 2, "refused 1", "admitting 2 [3]",
   "add 2, accepted 2"},
  {"cancel_pending_admission", 1, "ended 1", "cancel_pending_admission 1 [2]",
   "stale"},
  {"cancel_pending_admission", 1, "stopped 1", "cancel_pending_admission 1 [2]",
   "stale"},
  {"cancel_pending_admission", 1, "unstoppable 1",
   "cancel_pending_admission 1 [2]", "stale"},
  {"cancel_pending_admission", 1, "grace_over 1",
   "cancel_pending_admission 1 [2]", "stale"},
  {"cancel_pending_admission", 1, "cancel", "cancel_pending_admission 1",
   "reject 2 removed_from_queue"},
  {"running", 1, "added 1", "running 1 [2]", "stale"},
  {"running", 1, "refused 1", "running 1 [2]", "stale"},
  {"running", 0, "ended 1", "idle", ""},
  {"running", 2, "ended 1", "admitting 2 [3]", "add 2, accepted 2"},
  {"running", 1, "stopped 1", "running 1 [2]", "stale"},
  {"running", 1, "unstoppable 1", "running 1 [2]", "stale"},
  {"running", 1, "grace_over 1", "running 1 [2]", "stale"},
  {"running", 2, "cancel", "terminating 1",
   "running->terminating, stop 1, reject 2 removed_from_queue, "
   "reject 3 removed_from_queue"},
  {"terminating", 1, "added 1", "terminating 1 [2]", "stale"},
  {"terminating", 1, "refused 1", "terminating 1 [2]", "stale"},
  {"terminating", 0, "ended 1", "idle", ""},
  {"terminating", 2, "ended 1", "admitting 2 [3]", "add 2, accepted 2"},
  {"terminating", 1, "stopped 1", "terminating 1 [2]", ""},
  {"terminating", 1, "unstoppable 1", "terminating 1 [2]", "failure 1"},
  {"terminating", 1, "grace_over 1", "stuck 1 [2]", "terminating->stuck"},
  {"terminating", 1, "cancel", "terminating 1", "reject 2 removed_from_queue"},
  {"stuck", 1, "added 1", "stuck 1 [2]", "stale"},
  {"stuck", 1, "refused 1", "stuck 1 [2]", "stale"},
  {"stuck", 1, "ended 1", "admitting 2", "add 2, accepted 2"},
  {"stuck", 1, "stopped 1", "stuck 1 [2]", ""},
  {"stuck", 1, "unstoppable 1", "stuck 1 [2]", "failure 1"},
  {"stuck", 1, "grace_over 1", "stuck 1 [2]", "stale"},
  {"stuck", 1, "cancel", "stuck 1", "reject 2 removed_from_queue"},
  {"idle", 0, "cancel", "idle", ""},
  {"idle", 0, "purge_all", "idle", ""},
  {"idle", 0, "close", "idle", ""},
};

const std::string_view all_phases[] = {
  "idle",    "admitting",   "cancel_pending_admission",
  "running", "terminating", "stuck"};
const std::string_view busy_phases[] = {"admitting", "cancel_pending_admission",
                                        "running", "terminating", "stuck"};

namespace data = boost::unit_test::data;

// -- policy x phase x what races with the submission --------------------------

// The messages that may be on their way to a slot in each phase when a
// submission overtakes them, one column a message: added, refused, ended,
// stopped, grace_over. Of the submission 4 afterwards: W waits, S starts (the
// registry gets it), D was dropped; the owner 1 afterwards: a, c, r, t, x
// (stuck), - gone, * the message is stale.
struct race_row {
  std::string_view phase;
  std::string policy;
  std::string_view expected;
};

const race_row races[] = {
  {"idle", "queue", "S* S* S* S* S*"},
  {"idle", "replace", "S* S* S* S* S*"},
  {"idle", "drop_if_running", "S* S* S* S* S*"},
  {"idle", "keep_latest", "S* S* S* S* S*"},
  {"admitting", "queue", "Wr S- W* W* W*"},
  {"admitting", "replace", "Wt S- W* W* W*"},
  {"admitting", "drop_if_running", "Dr D- D* D* D*"},
  {"admitting", "keep_latest", "Wr S- W* W* W*"},
  {"cancel_pending_admission", "queue", "Wt S- W* W* W*"},
  {"cancel_pending_admission", "replace", "Wt S- W* W* W*"},
  {"cancel_pending_admission", "drop_if_running", "Dt D- D* D* D*"},
  {"cancel_pending_admission", "keep_latest", "Wt S- W* W* W*"},
  {"running", "queue", "W* W* S- W* W*"},
  {"running", "replace", "W* W* S- Wt Wx"},
  {"running", "drop_if_running", "D* D* D- D* D*"},
  {"running", "keep_latest", "W* W* S- W* W*"},
  {"terminating", "queue", "W* W* S- Wt Wx"},
  {"terminating", "replace", "W* W* S- Wt Wx"},
  {"terminating", "drop_if_running", "D* D* D- Dt Dx"},
  {"terminating", "keep_latest", "W* W* S- Wt Wx"},
  {"stuck", "queue", "W* W* S- Wx W*"},
  {"stuck", "replace", "W* W* S- Wx W*"},
  {"stuck", "drop_if_running", "D* D* D- Dx D*"},
  {"stuck", "keep_latest", "W* W* S- Wx W*"},
};

std::string race(const race_row& row, const char* message) {
  auto x = slot_in(row.phase, 0);
  perform(x, row.policy + " 4");
  auto stale = perform(x, message + std::string{" 1"}) == "stale";
  char fate = 'D';
  if (x.owner() == ids[4])
    fate = 'S';
  else if (x.waiting() == 1)
    fate = 'W';
  char owner = '*';
  if (!stale && x.owner() != ids[1])
    owner = '-';
  else if (!stale && x.status() == slot_status::stuck)
    owner = 'x';
  else if (!stale)
    owner = "iacrt"[x.phase().index()];
  return {fate, owner};
}

std::ostream& operator<<(std::ostream& out, const race_row& x) {
  return out << x.policy << " while " << x.phase;
}

} // namespace

BOOST_AUTO_TEST_SUITE(slot_test)

BOOST_DATA_TEST_CASE(each_policy_does_in_each_phase_what_the_table_says,
                     data::make(policies)) {
  check(sample);
}

BOOST_DATA_TEST_CASE(each_message_does_in_each_phase_what_the_table_says,
                     data::make(messages)) {
  check(sample);
}

BOOST_DATA_TEST_CASE(a_submission_and_what_it_races_with_end_as_the_table_says,
                     data::make(races)) {
  std::string result;
  for (const auto* message :
       {"added", "refused", "ended", "stopped", "grace_over"})
    result += (result.empty() ? "" : " ") + race(sample, message);
  BOOST_TEST(result == sample.expected);
}

// 9 was the owner before, or never was in this slot.
BOOST_DATA_TEST_CASE(a_message_about_somebody_else_is_stale,
                     data::make(all_phases)
                       * data::make({"added 9", "refused 9", "ended 9",
                                     "stopped 9", "unstoppable 9",
                                     "grace_over 9", "purge 9", "late 9"}),
                     phase, message) {
  auto after = text(slot_in(phase, 2));
  check({phase, 2, message, after, "stale"});
}

// They came when it no longer waited.
BOOST_DATA_TEST_CASE(an_order_about_the_owner_as_if_it_waited_is_stale,
                     data::make(busy_phases)
                       * data::make({"purge 1", "late 1"}),
                     phase, message) {
  auto after = text(slot_in(phase, 2));
  check({phase, 2, message, after, "stale"});
}

BOOST_DATA_TEST_CASE(what_waits_can_be_taken_out_in_every_phase,
                     data::make(busy_phases), phase) {
  std::string owner{phase};
  owner += " 1";
  check({phase, 2, "purge 2", owner + " [3]", "reject 2 removed_from_queue"});
  check({phase, 2, "purge 3", owner + " [2]", "reject 3 removed_from_queue"});
  check({phase, 2, "late 3", owner + " [2]", "reject 3 waited_too_long"});
  check({phase, 2, "purge_all", owner,
         "reject 2 removed_from_queue, reject 3 removed_from_queue"});
}

BOOST_DATA_TEST_CASE(a_closed_slot_starts_nothing_any_more,
                     data::make(busy_phases), phase) {
  auto x = slot_in(phase, 2);
  BOOST_TEST(perform(x, "close")
             == "reject 2 controller_shutting_down, "
                "reject 3 controller_shutting_down");
  for (const auto* message :
       {"queue 4", "replace 4", "drop_if_running 4", "keep_latest 4"})
    BOOST_TEST(perform(x, message) == "reject 4 controller_shutting_down");
  perform(x, "refused 1");
  perform(x, "ended 1");
  BOOST_TEST(x.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(the_line_is_served_in_order) {
  auto x = slot_in("running", 2);
  BOOST_TEST(perform(x, "ended 1") == "add 2, accepted 2");
  BOOST_TEST(perform(x, "queue 4") == "accepted 4");
  BOOST_TEST(perform(x, "added 2") == "admitting->running");
  BOOST_TEST(perform(x, "ended 2") == "add 3, accepted 3");
  BOOST_TEST(perform(x, "refused 3") == "add 4, accepted 4");
  BOOST_TEST(perform(x, "added 4") == "admitting->running");
  BOOST_TEST(perform(x, "ended 4") == "");
  BOOST_TEST(x.vacant());
}

BOOST_AUTO_TEST_CASE(repeated_replacing_orders_one_stop_and_keeps_the_newest) {
  auto x = slot_in("running", 0);
  BOOST_TEST(perform(x, "replace 2")
             == "running->terminating, accepted 2, stop 1");
  BOOST_TEST(perform(x, "replace 3")
             == "reject 2 superseded_by_replace, accepted 3");
  BOOST_TEST(perform(x, "replace 4")
             == "reject 3 superseded_by_replace, accepted 4");
  BOOST_TEST(perform(x, "ended 1") == "add 4, accepted 4");
}

BOOST_AUTO_TEST_CASE(a_limit_of_zero_refuses_only_those_that_queue) {
  slot x;
  static_cast<void>(x.submit(ids[1], admission_policy::queue, 0));
  BOOST_TEST(text(x.submit(ids[2], admission_policy::queue, 0))
             == "reject 2 queue_full");
  BOOST_TEST(text(x.submit(ids[3], admission_policy::replace, 0))
             == "admitting->terminating, accepted 3");
  BOOST_TEST(text(x.submit(ids[4], admission_policy::keep_latest, 0))
             == "reject 3 superseded_by_replace, accepted 4");
}

BOOST_AUTO_TEST_CASE(a_long_line_keeps_its_order_and_gives_memory_back) {
  waiting_line line;
  std::vector<task_id> expected;
  for (int i = 0; i < 1000; ++i) {
    expected.push_back(task_id::next());
    line.push_back(expected.back());
  }
  BOOST_TEST(line.remove(expected[500]));
  BOOST_TEST(!line.remove(expected[500]));
  expected.erase(expected.begin() + 500);
  for (auto id : expected)
    BOOST_TEST_REQUIRE((line.take_front() == id));
  BOOST_TEST(line.empty());
}

BOOST_AUTO_TEST_SUITE_END()
