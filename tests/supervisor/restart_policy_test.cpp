#include "taskvisor/supervisor/restart_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace std::chrono_literals;
using namespace taskvisor;

// All of them can be used in constant expressions.
static_assert(restart_policy::never.kind() == restart_kind::never);
static_assert(restart_policy::on_failure.kind() == restart_kind::on_failure);
static_assert(restart_policy::always.kind() == restart_kind::always);
static_assert(restart_policy::always(30s).interval() == 30s);

namespace {

restart_policy by_value(restart_policy x) {
  return x;
}

} // namespace

BOOST_AUTO_TEST_SUITE(restart_policy_test)

BOOST_AUTO_TEST_CASE(the_default_restarts_on_failure) {
  BOOST_CHECK(restart_policy{} == restart_policy::on_failure);
}

BOOST_AUTO_TEST_CASE(every_name_survives_a_copy_as_a_plain_policy) {
  BOOST_CHECK(by_value(restart_policy::never).kind() == restart_kind::never);
  BOOST_CHECK(by_value(restart_policy::always).kind() == restart_kind::always);
  BOOST_CHECK(by_value(restart_policy::always) == restart_policy::always);
  BOOST_CHECK(by_value(restart_policy::always(1s)).interval() == 1s);
  std::optional<restart_policy> optional = restart_policy::always;
  BOOST_CHECK(optional->kind() == restart_kind::always);
  static_assert(sizeof(restart_policy::always) == sizeof(restart_policy));
}

BOOST_AUTO_TEST_CASE(policies_differ_by_kind_and_by_interval) {
  BOOST_CHECK(restart_policy::never != restart_policy::on_failure);
  BOOST_CHECK(restart_policy::always != restart_policy::on_failure);
  BOOST_CHECK(restart_policy::always(1s) != restart_policy::always(2s));
  BOOST_CHECK(restart_policy::always(1s) != restart_policy::always);
}

BOOST_AUTO_TEST_CASE(only_always_with_an_interval_has_one) {
  BOOST_CHECK(!restart_policy::never.interval());
  BOOST_CHECK(!restart_policy::on_failure.interval());
  BOOST_CHECK(!restart_policy::always.interval());
  BOOST_CHECK(!restart_policy::always().interval());
}

BOOST_AUTO_TEST_CASE(an_interval_of_zero_is_no_interval) {
  BOOST_CHECK(restart_policy::always(0s) == restart_policy::always);
  BOOST_CHECK(!restart_policy::always(0s).interval());
}

BOOST_AUTO_TEST_CASE(valid_policies_are_accepted) {
  BOOST_CHECK(!restart_policy::never.validate());
  BOOST_CHECK(!restart_policy::on_failure.validate());
  BOOST_CHECK(!restart_policy::always.validate());
  BOOST_CHECK(!restart_policy::always(1ns).validate());
  BOOST_CHECK(!restart_policy::always(duration::max()).validate());
}

BOOST_AUTO_TEST_CASE(a_negative_interval_is_refused_by_name_value_and_bound) {
  auto error = restart_policy::always(-5s).validate();
  BOOST_TEST_REQUIRE(error.has_value());
  BOOST_TEST(error->text() == "restart.interval = -5s: must not be negative");
}

BOOST_AUTO_TEST_CASE(kinds_have_the_names_of_their_policies) {
  BOOST_TEST(to_string(restart_kind::never) == "never");
  BOOST_TEST(to_string(restart_kind::on_failure) == "on_failure");
  BOOST_TEST(to_string(restart_kind::always) == "always");
}

BOOST_AUTO_TEST_SUITE_END()
