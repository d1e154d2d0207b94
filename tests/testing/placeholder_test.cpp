#include "taskvisor/testing/placeholder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(the_testing_target_links) {
  BOOST_TEST(taskvisor::detail::testing_placeholder() == 1);
}
