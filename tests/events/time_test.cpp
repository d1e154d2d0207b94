#include "taskvisor/events/time.hpp"

#include "taskvisor/events/config_error.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

constexpr auto longest = duration::max();
constexpr auto lowest = duration::min();

} // namespace

BOOST_AUTO_TEST_SUITE(time_test)

BOOST_AUTO_TEST_CASE(sums_and_differences_that_fit_are_exact) {
  BOOST_CHECK(saturating_add(2s, 3s) == 5s);
  BOOST_CHECK(saturating_add(longest - 1ns, 1ns) == longest);
  BOOST_CHECK(saturating_add(longest, lowest) == -1ns);
  BOOST_CHECK(saturating_sub(2s, 3s) == -1s);
  BOOST_CHECK(saturating_sub(-1ns, longest) == lowest);
  BOOST_CHECK(saturating_sub(lowest, lowest) == 0ns);
}

BOOST_AUTO_TEST_CASE(sums_and_differences_that_do_not_fit_stop_at_the_end) {
  BOOST_CHECK(saturating_add(longest, 1ns) == longest);
  BOOST_CHECK(saturating_add(longest, longest) == longest);
  BOOST_CHECK(saturating_add(lowest, -1ns) == lowest);
  BOOST_CHECK(saturating_sub(lowest, 1ns) == lowest);
  BOOST_CHECK(saturating_sub(0ns, lowest) == longest);
  BOOST_CHECK(saturating_sub(longest, -1ns) == longest);
}

BOOST_AUTO_TEST_CASE(products_stop_at_the_end) {
  BOOST_CHECK(saturating_mul(5ms, 3) == 15ms);
  BOOST_CHECK(saturating_mul(-5ms, 3) == -15ms);
  BOOST_CHECK(saturating_mul(longest, 0) == 0ns);
  BOOST_CHECK(saturating_mul(longest, 1) == longest);
  BOOST_CHECK(saturating_mul(lowest, 1) == lowest);
  BOOST_CHECK(saturating_mul(longest / 3 + 1ns, 3) == longest);
  BOOST_CHECK(saturating_mul(lowest / 3 - 1ns, 3) == lowest);
}

BOOST_AUTO_TEST_CASE(a_deadline_of_for_ever_does_not_lie_in_the_past) {
  using clock = std::chrono::steady_clock;
  using time_point = std::chrono::time_point<clock, duration>;
  time_point now{1h};
  BOOST_CHECK(saturating_add(now, 5s) == now + 5s);
  BOOST_CHECK(saturating_add(now, longest) == time_point::max());
}

BOOST_AUTO_TEST_CASE(every_chrono_duration_becomes_nanoseconds_or_the_end) {
  BOOST_CHECK(saturating_cast(3min) == 180s);
  BOOST_CHECK(saturating_cast(-7us) == -7000ns);
  BOOST_CHECK(saturating_cast(std::chrono::seconds::max()) == longest);
  BOOST_CHECK(saturating_cast(std::chrono::seconds::min()) == lowest);
  BOOST_CHECK(saturating_cast(std::chrono::hours::max()) == longest);
  BOOST_CHECK(saturating_cast(9'223'372'036s) == 9'223'372'036s);
  BOOST_CHECK(saturating_cast(9'223'372'037s) == longest);
}

BOOST_AUTO_TEST_CASE(fractional_durations_become_nanoseconds_or_the_end) {
  using seconds = std::chrono::duration<double>;
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  BOOST_CHECK(saturating_cast(seconds{0.25}) == 250ms);
  BOOST_CHECK(saturating_cast(seconds{-0.25}) == -250ms);
  BOOST_CHECK(saturating_cast(seconds{1e300}) == longest);
  BOOST_CHECK(saturating_cast(seconds{infinity}) == longest);
  BOOST_CHECK(saturating_cast(seconds{-infinity}) == lowest);
  // Volatile: a constant would be folded, to zero even without the check.
  volatile double not_a_number = std::nan("");
  BOOST_CHECK(saturating_cast(seconds{not_a_number}) == 0ns);
}

BOOST_AUTO_TEST_CASE(a_config_error_names_the_field_the_value_and_the_bound) {
  config_error error{"max_retries", "0", "must be at least 1"};
  BOOST_TEST(error.text() == "max_retries = 0: must be at least 1");
}

BOOST_AUTO_TEST_SUITE_END()
