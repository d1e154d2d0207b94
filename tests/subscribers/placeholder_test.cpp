#include "taskvisor/subscribers/placeholder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(the_subscribers_target_links) {
  BOOST_TEST(taskvisor::detail::subscribers_placeholder() == 1);
}
