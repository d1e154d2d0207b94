#include "restart_window.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace std::chrono_literals;

using taskvisor::duration;
using taskvisor::detail::restart_window;

BOOST_AUTO_TEST_SUITE(restart_window_test)

BOOST_AUTO_TEST_CASE(the_bound_is_allowed_and_one_more_is_not) {
  restart_window window{3, 1s};
  BOOST_TEST(window.admit(0ms));
  BOOST_TEST(window.admit(10ms));
  BOOST_TEST(window.admit(20ms));
  BOOST_TEST(!window.admit(30ms));
  BOOST_TEST(window.count(30ms) == 3u);
}

BOOST_AUTO_TEST_CASE(a_bound_of_zero_allows_nothing) {
  restart_window window{0, 1s};
  BOOST_TEST(!window.admit(0s));
  BOOST_TEST(!window.admit(100s));
}

BOOST_AUTO_TEST_CASE(a_restart_exactly_one_period_ago_is_out_of_the_window) {
  restart_window window{1, 1s};
  BOOST_TEST(window.admit(0s));
  BOOST_TEST(!window.admit(1s - 1ns));
  BOOST_TEST(window.admit(1s));
}

BOOST_AUTO_TEST_CASE(the_window_slides_and_does_not_tumble) {
  restart_window window{2, 1s};
  BOOST_TEST(window.admit(0ms));
  BOOST_TEST(window.admit(900ms));
  BOOST_TEST(window.admit(1000ms));
  BOOST_TEST(!window.admit(1899ms));
  BOOST_TEST(window.admit(1900ms));
}

BOOST_AUTO_TEST_CASE(the_largest_period_never_forgets_and_never_overflows) {
  restart_window window{1, duration::max()};
  BOOST_TEST(window.admit(0ns));
  BOOST_TEST(!window.admit(duration::max() - 1ns));
}

BOOST_AUTO_TEST_CASE(it_agrees_with_a_list_of_all_stamps) {
  std::mt19937_64 random{42};
  for (std::uint32_t bound : {1u, 2u, 5u, 17u}) {
    restart_window window{bound, 100ns};
    std::vector<duration> stamps;
    duration now{0};
    for (int i = 0; i < 10'000; ++i) {
      now += duration{random() % 40};
      auto recent = std::count_if(stamps.begin(), stamps.end(),
                                  [&](auto x) { return now - x < 100ns; });
      auto expected = static_cast<std::size_t>(recent) < bound;
      BOOST_TEST_REQUIRE(window.count(now) == static_cast<size_t>(recent));
      BOOST_TEST_REQUIRE(window.admit(now) == expected);
      if (expected)
        stamps.push_back(now);
      if (stamps.size() > 64)
        stamps.erase(stamps.begin(), stamps.begin() + 32);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
