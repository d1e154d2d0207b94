#include "taskvisor/subscribers/json_lines_subscriber.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <vector>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

event at_start(event_kind kind) {
  event x;
  x.kind = kind;
  return x;
}

const std::string head = R"({"seq":0,"at":"1970-01-01T00:00:00.000000000Z",)";

std::string with_reason(std::string reason) {
  auto x = at_start(event_kind::state_dump);
  x.reason = std::move(reason);
  auto line = format_json(x);
  std::string_view key = "\"reason\":";
  return line.substr(line.find(key) + key.size());
}

std::string with_delay(duration delay) {
  auto x = at_start(event_kind::state_dump);
  x.delay = delay;
  auto line = format_json(x);
  std::string_view key = "\"delay_ms\":";
  return line.substr(line.find(key) + key.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_lines_subscriber_test)

BOOST_AUTO_TEST_CASE(absent_fields_are_left_out) {
  BOOST_TEST(format_json(at_start(event_kind::shutdown_requested))
             == head + R"("event":"shutdown_requested","level":"info"})");
}

BOOST_AUTO_TEST_CASE(present_fields_have_their_stable_names) {
  event x;
  x.seq = 7;
  x.at = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}
         + (12h + 53min + 1s + 5ns);
  x.kind = event_kind::task_finished;
  x.id = task_id::next();
  x.task = "job";
  x.attempt = 3;
  x.reason = "why";
  x.outcome = outcome_kind::rejected;
  x.rejected = rejection::slot_busy;
  x.timeout = 2s;
  x.delay = 1500us;
  x.elapsed = 9ms;
  x.queued = 250us;
  x.exit_code = -75;
  x.source = backoff_source::success;
  BOOST_TEST(
    format_json(x)
    == R"({"seq":7,"at":"2026-11-23T12:53:01.000000005Z",)"
       R"("event":"task_finished","level":"warning",)"
       R"("id":)"
         + std::to_string(x.id.value())
         + R"(,"task":"job","attempt":3,"reason":"why",)"
           R"("outcome_kind":"outcome_rejected",)"
           R"("rejection_kind":"slot_busy","timeout_ms":2000,"delay_ms":1.5,)"
           R"("duration_ms":9,"queued_ms":0.25,"exit_code":-75,"backoff_source":"success"})");
}

BOOST_AUTO_TEST_CASE(a_name_stands_under_what_it_names) {
  auto name_of = [](event_kind kind) {
    auto x = at_start(kind);
    x.task = "a";
    auto line = format_json(x);
    return line.substr(line.rfind(",\"") + 2);
  };
  BOOST_TEST(name_of(event_kind::task_added) == "task\":\"a\"}");
  BOOST_TEST(name_of(event_kind::controller_submitted) == "slot\":\"a\"}");
  BOOST_TEST(name_of(event_kind::subscriber_overflow) == "subscriber\":\"a\"}");
  BOOST_TEST(name_of(event_kind::runtime_failure) == "component\":\"a\"}");
}

BOOST_AUTO_TEST_CASE(every_kind_has_its_label_and_level) {
  for (std::size_t i = 0; i < wire_count(event_kind{}); ++i) {
    auto x = at_start(static_cast<event_kind>(i));
    BOOST_TEST(format_json(x)
               == head + "\"event\":\"" + std::string{label(x.kind)}
                    + "\",\"level\":\"" + std::string{label(severity_of(x))}
                    + "\"}");
  }
}

BOOST_AUTO_TEST_CASE(times_before_the_epoch_are_dates_too) {
  auto x = at_start(event_kind::state_dump);
  x.at = std::chrono::system_clock::time_point{-1ns};
  BOOST_TEST(format_json(x).find("\"at\":\"1969-12-31T23:59:59.999999999Z\"")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(durations_are_exact_milliseconds) {
  BOOST_TEST(with_delay(0ns) == "0}");
  BOOST_TEST(with_delay(1ns) == "0.000001}");
  BOOST_TEST(with_delay(-1500us) == "-1.5}");
  BOOST_TEST(with_delay(1h) == "3600000}");
  BOOST_TEST(with_delay(duration::max()) == "9223372036854.775807}");
  BOOST_TEST(with_delay(duration::min()) == "-9223372036854.775808}");
}

BOOST_AUTO_TEST_CASE(text_is_escaped_and_bad_bytes_are_replaced) {
  BOOST_TEST(with_reason("Gr\xc3\xbc\xc3\x9f/\xf0\x9f\x98\x80")
             == "\"Gr\xc3\xbc\xc3\x9f/\xf0\x9f\x98\x80\"}");
  BOOST_TEST(with_reason("\"a\\b\"\n\r\t") == R"("\"a\\b\"\n\r\t"})");
  BOOST_TEST(with_reason({"\0\x1b\x7f", 3}) == R"("\u0000\u001b\u007f"})");
  BOOST_TEST(with_reason("\xc2\x9b\xe2\x80\xa8\xe2\x80\xae")
             == R"("\u009b\u2028\u202e"})");
  BOOST_TEST(with_reason("a\xff"
                         "b\xe2\x82")
             == "\"a\xef\xbf\xbd"
                "b\xef\xbf\xbd\xef\xbf\xbd\"}");
}

BOOST_AUTO_TEST_CASE(a_sink_gets_each_event_as_one_line) {
  std::vector<std::string> seen;
  auto log = json_lines_subscriber(
    [&seen](std::string_view line) { seen.emplace_back(line); });
  log(at_start(event_kind::state_dump));
  log(at_start(event_kind::task_added));
  BOOST_TEST_REQUIRE(seen.size() == 2u);
  BOOST_TEST(seen[0] == format_json(at_start(event_kind::state_dump)));
  BOOST_TEST(seen[1] == format_json(at_start(event_kind::task_added)));
}

BOOST_AUTO_TEST_SUITE_END()
