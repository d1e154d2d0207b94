#include "overflow_rule.hpp"

#include <boost/test/unit_test.hpp>

using taskvisor::detail::overflow_rule;

BOOST_AUTO_TEST_SUITE(overflow_rule_test)

BOOST_AUTO_TEST_CASE(without_losses_nothing_is_told) {
  overflow_rule rule{1};
  BOOST_TEST(rule.after_callback(0, 0) == 0u);
  BOOST_TEST(rule.rest(0) == 0u);
}

BOOST_AUTO_TEST_CASE(losses_are_told_once_when_half_of_the_queue_is_free) {
  overflow_rule rule{8};
  BOOST_TEST(rule.after_callback(3, 7) == 0u);
  BOOST_TEST(rule.after_callback(5, 5) == 0u);
  BOOST_TEST(rule.after_callback(5, 4) == 5u);
  BOOST_TEST(rule.after_callback(5, 3) == 0u);
  BOOST_TEST(rule.after_callback(6, 4) == 1u);
}

BOOST_AUTO_TEST_CASE(who_never_catches_up_tells_once_in_capacity_callbacks) {
  overflow_rule rule{4};
  for (int round = 1; round <= 3; ++round) {
    for (int i = 0; i < 3; ++i)
      BOOST_TEST(rule.after_callback(10 * round, 4) == 0u);
    BOOST_TEST(rule.after_callback(10 * round, 4) == 10u);
  }
}

BOOST_AUTO_TEST_CASE(a_queue_of_one_tells_in_the_next_callback) {
  overflow_rule rule{1};
  BOOST_TEST(rule.after_callback(2, 1) == 2u);
}

BOOST_AUTO_TEST_CASE(at_the_end_the_rest_is_told) {
  overflow_rule rule{8};
  BOOST_TEST(rule.after_callback(3, 8) == 0u);
  BOOST_TEST(rule.rest(4) == 4u);
  BOOST_TEST(rule.rest(4) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
