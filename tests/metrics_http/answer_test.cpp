#include "answer.hpp"

#include "support/events_system.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace taskvisor;
using detail::answer_to;

namespace {

struct fixture : test::events_system {
  std::shared_ptr<event_publisher> publisher =
    std::make_shared<event_publisher>();
  metrics_subscriber metrics = *metrics_subscriber::make();

  detail::answer get(std::string_view target, std::string_view accept = {},
                     const std::function<bool()>& ready = nullptr) {
    return answer_to(true, target, accept, metrics, ready);
  }

  void begin_shutdown() {
    auto attached = *metrics.attach_to(system, publisher);
    event x;
    x.kind = event_kind::shutdown_requested;
    publisher->publish(x);
    attached.detach();
    wait_for(attached.actor());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(answer_test, fixture)

BOOST_AUTO_TEST_CASE(metrics_come_in_the_format_that_is_asked_for) {
  auto plain = get("/metrics");
  BOOST_TEST(plain.status == 200u);
  BOOST_TEST(plain.type == content_type(metrics_format::prometheus));
  BOOST_TEST(plain.body == metrics.text(metrics_format::prometheus));
  auto open =
    get("/metrics?x=1", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");
  BOOST_TEST(open.type == content_type(metrics_format::openmetrics));
  BOOST_TEST(open.body == metrics.text(metrics_format::openmetrics));
}

BOOST_AUTO_TEST_CASE(health_is_ready_until_the_shutdown_begins) {
  BOOST_TEST(get("/healthz").status == 200u);
  BOOST_TEST(get("/healthz").body == "ready\n");
  begin_shutdown();
  BOOST_TEST(get("/healthz").status == 503u);
  BOOST_TEST(get("/healthz").body == "stopping\n");
  BOOST_TEST(get("/metrics").status == 200u);
}

BOOST_AUTO_TEST_CASE(the_host_may_say_that_it_is_not_ready) {
  BOOST_TEST(get("/healthz", {}, [] { return true; }).status == 200u);
  auto broken = []() -> bool { throw std::runtime_error{"no database"}; };
  auto refuses = [] { return false; };
  for (const auto& result :
       {get("/healthz", {}, refuses), get("/healthz", {}, broken)}) {
    BOOST_TEST(result.status == 503u);
    BOOST_TEST(result.body == "not ready\n");
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_not_allowed_is_refused) {
  for (auto target : {"/", "", "/metricsx", "/metrics/", "*"})
    BOOST_TEST(get(target).status == 404u);
  BOOST_TEST(answer_to(false, "/metrics", {}, metrics, nullptr).status == 405u);
}

BOOST_AUTO_TEST_CASE(wrong_options_are_refused_by_name_value_and_bound) {
  auto refusal = [](metrics_server_options options) {
    auto result = options.validate();
    return result ? result->text() : "accepted";
  };
  BOOST_TEST(refusal({.address = "localhost"})
             == "address = \"localhost\": must be an IPv4 or IPv6 address");
  BOOST_TEST(refusal({.timeout = duration::zero()})
             == "timeout = 0ns: must be above 0");
  BOOST_TEST(refusal({.max_connections = 0})
             == "max_connections = 0: must be at least 1");
  BOOST_TEST(refusal({.address = "::1", .port = 0}) == "accepted");
}

BOOST_AUTO_TEST_SUITE_END()
