#include "support/roundtrip.hpp"

#include "support/events_system.hpp"

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/error.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <utility>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

template <class T>
struct type {};

template <detail::wire_enum E>
std::vector<E> samples(type<E>) {
  std::vector<E> result;
  for (std::size_t i = 0; i < wire_count(E{}); ++i)
    result.push_back(static_cast<E>(i));
  return result;
}

std::vector<task_id> samples(type<task_id>) {
  return {task_id{}, task_id::next()};
}

std::vector<close_sink> samples(type<close_sink>) {
  return {close_sink{}};
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
  return result;
}

template <class T>
void check(caf::actor_system& system) {
  for (const auto& x : samples(type<T>{})) {
    auto received = test::roundtrip(system, x);
    BOOST_TEST_REQUIRE(received.has_value());
    BOOST_CHECK(*received == x);
  }
}

// CAF 0.17 turns an error code that is put into a message into an error.
template <>
void check<errc>(caf::actor_system& system) {
  for (auto code : samples(type<errc>{})) {
    auto received = test::roundtrip(system, make_error(code, "why"));
    BOOST_TEST_REQUIRE(received.has_value());
    BOOST_CHECK(code_of(*received) == code);
  }
}

using events_block = caf::id_block::taskvisor_events;

// A type without samples does not compile: none of the block is left out.
template <std::size_t... Is>
void check_block(caf::actor_system& system, std::index_sequence<Is...>) {
  (check<typename caf::type_by_id<events_block::begin + Is>::type>(system),
   ...);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(roundtrip_test, test::events_system)

BOOST_AUTO_TEST_CASE(every_message_of_events_survives_the_network) {
  constexpr std::size_t size = events_block::end - events_block::begin;
  static_assert(size == 9);
  check_block(system, std::make_index_sequence<size>{});
}

BOOST_AUTO_TEST_CASE(an_error_of_taskvisor_survives_the_network) {
  auto sent = make_error(errc::controller_full, "queue = 5: full");
  auto received = test::roundtrip(system, sent);
  BOOST_TEST_REQUIRE(received.has_value());
  BOOST_CHECK(code_of(*received) == errc::controller_full);
  BOOST_TEST(describe(*received) == "controller_full: queue = 5: full");
}

BOOST_AUTO_TEST_SUITE_END()
