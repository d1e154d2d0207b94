#include "taskvisor/controller/placeholder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(the_controller_target_links) {
  BOOST_TEST(taskvisor::detail::controller_placeholder() == 1);
}
