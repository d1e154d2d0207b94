#include "support/roundtrip.hpp"

#include "support/events_system.hpp"
#include "support/task_infos.hpp"

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/error.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <utility>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

using test::type;

std::vector<task_id> samples(type<task_id>) {
  return {task_id{}, task_id::next()};
}

std::vector<outcome> samples(type<outcome>) {
  outcome full{outcome_kind::rejected, rejection::slot_busy,
               std::string{"why\n\0\xff", 6},
               std::numeric_limits<std::int32_t>::min(), duration::max()};
  return {outcome{}, full};
}

event full_event() {
  event x;
  x.seq = std::numeric_limits<std::uint64_t>::max();
  x.at = std::chrono::system_clock::time_point{1'700'000'000'123'456'789ns};
  x.kind = event_kind::state_dump;
  x.id = task_id::next();
  x.task = "name";
  x.attempt = std::numeric_limits<std::uint32_t>::max();
  x.reason = std::string(100'000, 'r');
  x.outcome = outcome_kind::crashed;
  x.rejected = rejection::waited_too_long;
  x.timeout = duration::max();
  x.delay = duration::min();
  x.elapsed = 0ns;
  x.exit_code = -1;
  x.source = backoff_source::success;
  x.queued = 1ns;
  x.state = task_state::ended;
  x.lost = std::numeric_limits<std::uint64_t>::max();
  return x;
}

std::vector<event> samples(type<event>) {
  std::vector<event> result{event{}, full_event()};
  // Each optional field alone, and missing alone.
  auto vary = [&result](auto member) {
    event alone;
    alone.*member = full_event().*member;
    result.push_back(alone);
    auto without = full_event();
    (without.*member).reset();
    result.push_back(without);
  };
  vary(&event::outcome);
  vary(&event::timeout);
  vary(&event::delay);
  vary(&event::elapsed);
  vary(&event::exit_code);
  vary(&event::source);
  vary(&event::queued);
  vary(&event::state);
  vary(&event::lost);
  return result;
}

std::vector<task_info> samples(type<task_info>) {
  auto without = test::full_info();
  without.remaining.reset();
  task_info alone;
  alone.attempt_age = 0ns;
  return {task_info{}, test::full_info(), without, alone};
}

std::vector<std::vector<task_info>> samples(type<std::vector<task_info>>) {
  return {{}, samples(type<task_info>{})};
}

std::vector<state_snapshot> samples(type<state_snapshot>) {
  return {{}, {7, samples(type<task_info>{})}};
}

// CAF 0.17 turns an error code that is put into a message into an error.
std::vector<caf::error> samples(type<errc>) {
  std::vector<caf::error> result;
  for (auto code : test::samples(type<errc>{}))
    result.push_back(make_error(code, "why"));
  return result;
}

struct each_type {
  caf::actor_system& system;

  template <class T>
  void operator()(type<T> x) const {
    test::check_roundtrip(system, samples(x));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(roundtrip_test, test::events_system)

BOOST_AUTO_TEST_CASE(every_message_of_events_survives_the_network) {
  // A type without samples does not compile: none of the block is left out.
  auto count =
    test::for_each_type<caf::id_block::taskvisor_events>(each_type{system});
  BOOST_TEST(count == 15u);
}

BOOST_AUTO_TEST_CASE(an_error_of_taskvisor_survives_the_network) {
  auto sent = make_error(errc::controller_full, "queue = 5: full");
  auto received = test::roundtrip(system, sent);
  BOOST_TEST_REQUIRE(received.has_value());
  BOOST_CHECK(code_of(*received) == errc::controller_full);
  BOOST_TEST(describe(*received) == "controller_full: queue = 5: full");
}

BOOST_AUTO_TEST_SUITE_END()
