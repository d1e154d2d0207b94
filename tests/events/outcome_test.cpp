#include "taskvisor/events/outcome.hpp"

#include <boost/test/unit_test.hpp>

using namespace taskvisor;

BOOST_AUTO_TEST_SUITE(outcome_test)

BOOST_AUTO_TEST_CASE(only_completed_is_success) {
  for (std::size_t i = 0; i < wire_count(outcome_kind{}); ++i) {
    outcome x;
    x.kind = static_cast<outcome_kind>(i);
    BOOST_TEST(x.is_success() == (x.kind == outcome_kind::completed));
  }
}

BOOST_AUTO_TEST_CASE(an_outcome_reads_as_a_sentence) {
  outcome x;
  BOOST_TEST(to_string(x) == "completed");
  x.kind = outcome_kind::failed;
  x.reason = "connection refused";
  x.exit_code = 75;
  BOOST_TEST(to_string(x) == "failed: connection refused (exit code 75)");
  x.kind = outcome_kind::rejected;
  x.rejected = rejection::slot_busy;
  x.exit_code.reset();
  BOOST_TEST(to_string(x) == "rejected (slot_busy): connection refused");
}

BOOST_AUTO_TEST_SUITE_END()
