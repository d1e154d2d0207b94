#include "taskvisor/events/error.hpp"

#include "support/events_system.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace taskvisor;

// CAF 1.x makes and frees errors by its table of types.
BOOST_FIXTURE_TEST_SUITE(error_test, test::events_system)

BOOST_AUTO_TEST_CASE(every_code_survives_its_label_and_its_number) {
  std::set<std::string> labels;
  for (std::size_t i = 0; i < wire_count(errc{}); ++i) {
    auto code = static_cast<errc>(i);
    labels.insert(to_string(code));
    auto parsed = errc::none;
    BOOST_TEST(from_string(label(code), parsed));
    BOOST_CHECK(parsed == code);
    parsed = errc::none;
    BOOST_TEST(from_integer(static_cast<std::uint8_t>(i), parsed));
    BOOST_CHECK(parsed == code);
  }
  BOOST_TEST(labels.size() == wire_count(errc{}));
  BOOST_TEST(label(errc::runtime_failed) == "runtime_failed");
  BOOST_TEST(label(errc::termination_timeout) == "termination_timeout");
}

BOOST_AUTO_TEST_CASE(what_is_no_code_is_refused) {
  auto code = errc::stopped;
  BOOST_TEST(!from_string("no_such_code", code));
  BOOST_TEST(!from_integer(15, code));
  BOOST_CHECK(code == errc::stopped);
  BOOST_TEST(label(static_cast<errc>(15)) == "unknown");
}

BOOST_AUTO_TEST_CASE(an_error_keeps_its_code_and_its_sentence) {
  for (std::size_t i = 1; i < wire_count(errc{}); ++i) {
    auto code = static_cast<errc>(i);
    auto err = make_error(code, "because");
    BOOST_CHECK(code_of(err) == code);
    BOOST_TEST(describe(err) == to_string(code) + ": because");
  }
  BOOST_TEST(describe(caf::make_error(errc::stopped)) == "stopped");
}

BOOST_AUTO_TEST_CASE(a_refused_field_is_in_the_text_of_its_error) {
  auto err = make_error(config_error{"capacity", "0", "must be at least 1"});
  BOOST_TEST(describe(err)
             == "invalid_config: capacity = 0: must be at least 1");
}

BOOST_AUTO_TEST_CASE(errors_of_others_have_no_code_but_a_text) {
  auto foreign = caf::make_error(caf::sec::request_timeout);
  BOOST_CHECK(code_of(foreign) == errc::none);
  BOOST_TEST(describe(foreign).find("request_timeout") != std::string::npos);
  BOOST_CHECK(code_of(caf::error{}) == errc::none);
}

BOOST_AUTO_TEST_SUITE_END()
