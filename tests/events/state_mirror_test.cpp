#include "taskvisor/events/state_mirror.hpp"

#include <boost/test/unit_test.hpp>

using namespace taskvisor;

namespace {

struct fixture {
  task_id a = task_id::next();
  task_id b = task_id::next();
  state_mirror mirror;

  fixture() {
    state_snapshot start;
    start.seq = 10;
    task_info info;
    info.id = a;
    info.name = "a";
    info.state = task_state::running;
    info.attempt = 3;
    start.tasks.push_back(info);
    mirror.reset(start);
  }

  void apply(std::uint64_t seq, event_kind kind, task_id id,
             std::optional<task_state> state = {}) {
    event x;
    x.seq = seq;
    x.kind = kind;
    x.id = id;
    x.task = id == a ? "a" : "b";
    x.state = state;
    x.attempt = 4;
    mirror.apply(x);
  }

  std::string text() const {
    std::string result;
    for (const auto& [id, x] : mirror.tasks())
      result += x.name + ' ' + std::string{label(x.state)} + ' '
                + std::to_string(x.attempt) + '\n';
    return result;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_mirror_test, fixture)

BOOST_AUTO_TEST_CASE(it_begins_with_the_snapshot) {
  BOOST_TEST(text() == "a running 3\n");
  BOOST_TEST(mirror.seq() == 10u);
}

BOOST_AUTO_TEST_CASE(what_the_snapshot_contains_changes_nothing) {
  apply(9, event_kind::task_removed, a);
  apply(10, event_kind::task_added, b, task_state::starting);
  BOOST_TEST(text() == "a running 3\n");
}

BOOST_AUTO_TEST_CASE(later_events_change_add_and_remove) {
  apply(11, event_kind::task_added, b, task_state::starting);
  apply(12, event_kind::backoff_scheduled, a, task_state::backing_off);
  BOOST_TEST(text() == "a backing_off 4\nb starting 4\n");
  apply(13, event_kind::task_removed, a);
  BOOST_TEST(text() == "b starting 4\n");
  BOOST_TEST(mirror.seq() == 13u);
}

BOOST_AUTO_TEST_CASE(events_without_a_state_change_none) {
  apply(11, event_kind::task_remove_requested, a);
  apply(12, event_kind::task_finished, b);
  BOOST_TEST(text() == "a running 3\n");
}

BOOST_AUTO_TEST_CASE(a_new_snapshot_forgets_the_old_one) {
  mirror.reset({20, {}});
  BOOST_TEST(text() == "");
  apply(15, event_kind::task_added, b, task_state::starting);
  BOOST_TEST(text() == "");
}

BOOST_AUTO_TEST_SUITE_END()
