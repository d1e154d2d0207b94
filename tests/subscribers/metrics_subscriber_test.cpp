#include "taskvisor/subscribers/metrics_subscriber.hpp"

#include "support/events_system.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace taskvisor;

namespace {

std::string refusal(metrics_options options) {
  auto result = metrics_subscriber::make(std::move(options));
  return result ? "accepted" : describe(result.error());
}

bool has(const metrics_subscriber& x, std::string_view line) {
  auto text = x.text(metrics_format::prometheus);
  return text.find("\n" + std::string{line} + "\n") != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(metrics_subscriber_test, test::events_system)

BOOST_AUTO_TEST_CASE(wrong_options_are_refused_by_name_value_and_bound) {
  BOOST_TEST(refusal({.prefix = "9a"})
             == "invalid_config: prefix = \"9a\": must be letters, digits, "
                "'_' and ':', and not begin with a digit");
  BOOST_TEST(refusal({.prefix = ""}) != "accepted");
  BOOST_TEST(refusal({.prefix = "a-b"}) != "accepted");
  BOOST_TEST(refusal({.max_label_values = 0})
             == "invalid_config: max_label_values = 0: must be at least 1");
  BOOST_TEST(refusal({.buckets = {1, 1}})
             == "invalid_config: buckets = 1, 1: must ascend, from above 0 to "
                "below infinity");
  BOOST_TEST(refusal({.buckets = {0}}) != "accepted");
  BOOST_TEST(refusal({.buckets = {std::numeric_limits<double>::infinity()}})
             != "accepted");
  BOOST_TEST(refusal({.max_tracked = 0})
             == "invalid_config: max_tracked = 0: must be at least 1");
  BOOST_TEST(refusal({.prefix = "my:app_2", .buckets = {}}) == "accepted");
}

BOOST_AUTO_TEST_CASE(it_counts_what_is_published_and_its_own_queue) {
  auto publisher = std::make_shared<event_publisher>();
  auto metrics = *metrics_subscriber::make({.prefix = "app"});
  auto attached = metrics.attach_to(system, publisher);
  BOOST_TEST_REQUIRE(static_cast<bool>(attached));
  event x;
  x.kind = event_kind::task_added;
  x.id = task_id::next();
  x.task = "a";
  publisher->publish(x);
  x.kind = event_kind::all_stopped_within_grace;
  publisher->publish(x);
  auto delivered = [&] { return attached->delivered() == 2; };
  while (!delivered())
    std::this_thread::yield();
  BOOST_TEST(has(metrics, "app_tasks{task=\"a\",state=\"starting\"} 1"));
  BOOST_TEST(has(metrics, "app_subscriber_events_delivered_total"
                          "{subscriber=\"metrics\"} 2"));
  BOOST_TEST(metrics.stopping());
  attached->detach();
}

BOOST_AUTO_TEST_CASE(a_grouping_that_throws_is_reported_and_changes_nothing) {
  auto publisher = std::make_shared<event_publisher>();
  auto metrics = *metrics_subscriber::make(
    {.task_group = [](std::string_view name) -> std::string {
      if (name == "bad")
        throw std::runtime_error{"no group"};
      return std::string{name};
    }});
  auto attached = *metrics.attach_to(system, publisher);
  event x;
  x.kind = event_kind::task_added;
  for (auto name : {"bad", "good"}) {
    x.id = task_id::next();
    x.task = name;
    publisher->publish(x);
  }
  attached.detach();
  wait_for(attached.actor());
  BOOST_TEST(
    has(metrics, "taskvisor_tasks{task=\"good\",state=\"starting\"} 1"));
  BOOST_TEST(
    !has(metrics, "taskvisor_tasks{task=\"bad\",state=\"starting\"} 1"));
}

BOOST_AUTO_TEST_CASE(each_format_has_its_content_type) {
  BOOST_TEST(
    content_type(metrics_format::prometheus).starts_with("text/plain"));
  BOOST_TEST(content_type(metrics_format::openmetrics)
               .starts_with("application/openmetrics-text; version=1.0.0"));
}

BOOST_AUTO_TEST_SUITE_END()
