#include "taskvisor/events/version.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

BOOST_AUTO_TEST_CASE(the_version_has_three_numbers) {
  auto text = taskvisor::version();
  BOOST_TEST(std::count(text.begin(), text.end(), '.') == 2);
  BOOST_TEST(text.find_first_not_of("0123456789.") == text.npos);
}
