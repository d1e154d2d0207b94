#include "taskvisor/spdlog_sink/spdlog_subscriber.hpp"

#include <boost/test/unit_test.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

using namespace taskvisor;

namespace {

event about(event_kind kind) {
  event x;
  x.seq = 7;
  x.kind = kind;
  x.task = "a";
  x.at = std::chrono::sys_days{std::chrono::year{2001} / 2 / 3};
  return x;
}

struct fixture {
  std::ostringstream out;
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>(
    "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true));

  fixture() { logger->set_pattern("%Y %l %v", spdlog::pattern_time_type::utc); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(spdlog_subscriber_test, fixture)

BOOST_AUTO_TEST_CASE(an_event_is_logged_as_its_line_at_its_level_and_time) {
  logger->set_level(spdlog::level::debug);
  auto log = spdlog_subscriber(logger);
  log(about(event_kind::attempt_stuck));
  log(about(event_kind::attempt_timed_out));
  log(about(event_kind::task_added));
  log(about(event_kind::task_add_requested));
  BOOST_TEST(out.str()
             == "2001 error [007] [attempt_stuck] task=a attempt=0 "
                "reason=\"unknown\"\n"
                "2001 warning [007] [attempt_timed_out] task=a timeout=0ms\n"
                "2001 info [007] [task_added] task=a\n"
                "2001 debug [007] [task_add_requested] task=a\n");
}

BOOST_AUTO_TEST_CASE(braces_are_not_a_format) {
  auto x = about(event_kind::task_added);
  x.task = "{} {0} {";
  spdlog_subscriber(logger)(x);
  BOOST_TEST(out.str() == "2001 info [007] [task_added] task={} {0} {\n");
}

BOOST_AUTO_TEST_CASE(what_the_logger_does_not_want_is_left_out) {
  logger->set_level(spdlog::level::warn);
  auto log = spdlog_subscriber(logger);
  log(about(event_kind::task_added));
  BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_SUITE_END()
