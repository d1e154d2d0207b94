#include "taskvisor/supervisor/placeholder.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(the_supervisor_target_links) {
  BOOST_TEST(taskvisor::detail::supervisor_placeholder() == 1);
}
