#include "support/child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

using taskvisor::test::child_process;
using taskvisor::test::process_end;

constexpr auto grace_missed = process_end{3, 0};

/// The number after `key: ` in the output.
int number(const child_process& x, const std::string& key) {
  auto at = x.find(key + ": ");
  BOOST_REQUIRE(at != x.lines().size());
  return std::atoi(x.lines()[at].c_str() + key.size() + 2);
}

/// How late a shutdown of a thousand tasks was, in milliseconds.
int lateness(int count) {
  child_process program{
    {TASKVISOR_PROGRAMS "/stuck_program", std::to_string(count), "300"}};
  auto end = program.join();
  BOOST_TEST_CONTEXT(program.output()) {
    BOOST_TEST((end == grace_missed));
    BOOST_TEST(number(program, "listed") == count);
    BOOST_TEST(number(program, "hanging") == count / 20 + 16 + 4);
    BOOST_TEST(program.find("wrong: none") != program.lines().size());
    BOOST_TEST(number(program, "late") >= 0);
  }
  return number(program, "late");
}

} // namespace

BOOST_AUTO_TEST_SUITE(stuck)

BOOST_AUTO_TEST_CASE(whatever_hangs_the_shutdown_returns_at_its_deadline) {
  // Other programs may take the processor for a while: the best of three.
  auto best = std::min({lateness(1000), lateness(1000), lateness(1000)});
  BOOST_TEST(best < 100);
}

BOOST_AUTO_TEST_SUITE_END()
