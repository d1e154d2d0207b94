#include "taskvisor/supervisor/backoff_policy.hpp"

#include "scripted_random.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>

using namespace std::chrono_literals;
using namespace taskvisor;
using taskvisor::test::scripted_random;

namespace {

constexpr auto for_ever = duration::max();

constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinity = std::numeric_limits<double>::infinity();

constexpr jitter all_jitters[] = {jitter::none, jitter::full, jitter::equal,
                                  jitter::band};

duration shortest(const backoff_policy& policy, std::uint32_t index) {
  scripted_random zeros{0};
  return policy.delay_for_retry(index, zeros);
}

duration longest(const backoff_policy& policy, std::uint32_t index) {
  scripted_random ones{UINT64_MAX};
  return policy.delay_for_retry(index, ones);
}

void check_range(const backoff_policy& policy, std::uint32_t index,
                 duration low, duration high) {
  BOOST_TEST_CONTEXT("retry " << index) {
    BOOST_TEST(shortest(policy, index).count() == low.count());
    BOOST_TEST(longest(policy, index).count() == high.count());
    splitmix64 random{index};
    for (int i = 0; i < 100; ++i) {
      auto delay = policy.delay_for_retry(index, random);
      BOOST_TEST_REQUIRE(delay.count() >= low.count());
      BOOST_TEST_REQUIRE(delay.count() <= high.count());
    }
  }
}

void check_fixed(const backoff_policy& policy, std::uint32_t index,
                 duration value) {
  check_range(policy, index, value, value);
}

std::string refusal(const backoff_policy& policy) {
  auto error = policy.validate();
  return error ? error->text() : "accepted";
}

} // namespace

BOOST_AUTO_TEST_SUITE(backoff_policy_test)

// -- construction -------------------------------------------------------------

BOOST_AUTO_TEST_CASE(
  the_default_doubles_from_200_ms_to_30_s_with_equal_jitter) {
  constexpr backoff_policy policy;
  BOOST_CHECK(policy.first() == 200ms);
  BOOST_CHECK(policy.max() == 30s);
  BOOST_CHECK(policy.floor() == 0s);
  BOOST_CHECK(policy.factor() == 2.0);
  BOOST_CHECK(policy.jitter() == jitter::equal);
  BOOST_TEST(refusal(policy) == "accepted");
}

BOOST_AUTO_TEST_CASE(constant_and_exponential_have_no_jitter_and_make_room) {
  BOOST_CHECK(backoff_policy::constant(500ms)
              == backoff_policy::custom(500ms, 30s, 1.0, jitter::none));
  BOOST_CHECK(backoff_policy::exponential(100ms)
              == backoff_policy::custom(100ms, 30s, 2.0, jitter::none));
  BOOST_CHECK(backoff_policy::constant(1min).max() == 1min);
  BOOST_CHECK(backoff_policy::exponential(1min).max() == 1min);
}

BOOST_AUTO_TEST_CASE(lowering_max_lowers_first_and_floor_with_it) {
  auto policy = backoff_policy{}.with_floor(10s).with_max(50ms);
  BOOST_CHECK(policy.max() == 50ms);
  BOOST_CHECK(policy.first() == 50ms);
  BOOST_CHECK(policy.floor() == 50ms);
  auto raised = policy.with_max(1h);
  BOOST_CHECK(raised.max() == 1h);
  BOOST_CHECK(raised.first() == 50ms);
  BOOST_CHECK(raised.floor() == 50ms);
}

BOOST_AUTO_TEST_CASE(a_floor_above_max_is_lowered_to_it) {
  BOOST_CHECK(backoff_policy{}.with_floor(1h).floor() == 30s);
  BOOST_CHECK(backoff_policy{}.with_floor(1s).floor() == 1s);
}

BOOST_AUTO_TEST_CASE(each_setter_changes_its_field_and_no_other) {
  constexpr backoff_policy plain;
  auto policy = plain.with_first(1s);
  BOOST_CHECK(policy.first() == 1s);
  BOOST_CHECK(policy.with_first(200ms) == plain);
  policy = plain.with_factor(3.0);
  BOOST_CHECK(policy.factor() == 3.0);
  BOOST_CHECK(policy.with_factor(2.0) == plain);
  policy = plain.with_jitter(jitter::band);
  BOOST_CHECK(policy.jitter() == jitter::band);
  BOOST_CHECK(policy.with_jitter(jitter::equal) == plain);
  policy = plain.with_floor(1s);
  BOOST_CHECK(policy.with_floor(0s) == plain);
  policy = plain.with_max(40s);
  BOOST_CHECK(policy.with_max(30s) == plain);
}

BOOST_AUTO_TEST_CASE(jitters_have_names) {
  BOOST_TEST(to_string(jitter::none) == "none");
  BOOST_TEST(to_string(jitter::full) == "full");
  BOOST_TEST(to_string(jitter::equal) == "equal");
  BOOST_TEST(to_string(jitter::band) == "band");
}

// -- validation ---------------------------------------------------------------

BOOST_AUTO_TEST_CASE(negative_durations_are_refused) {
  using policy = backoff_policy;
  BOOST_TEST(refusal(policy{}.with_first(-1ns))
             == "backoff.first = -1ns: must not be negative");
  BOOST_TEST(refusal(policy{}.with_floor(-1500ms))
             == "backoff.floor = -1500ms: must not be negative");
  // Lowers `first` and `floor` below zero as well, but that is not the cause.
  BOOST_TEST(refusal(policy{}.with_max(-2s))
             == "backoff.max = -2s: must not be negative");
  BOOST_TEST(refusal(policy::constant(-3us))
             == "backoff.first = -3us: must not be negative");
}

BOOST_AUTO_TEST_CASE(factors_below_one_or_not_finite_are_refused) {
  auto with_factor = [](double x) {
    return refusal(backoff_policy{}.with_factor(x));
  };
  auto bound = std::string{": must be finite and at least 1"};
  BOOST_TEST(with_factor(0.5) == "backoff.factor = 0.5" + bound);
  BOOST_TEST(with_factor(-2.0) == "backoff.factor = -2" + bound);
  BOOST_TEST(with_factor(not_a_number) == "backoff.factor = nan" + bound);
  BOOST_TEST(with_factor(infinity) == "backoff.factor = inf" + bound);
  BOOST_TEST(with_factor(0.9999999999999999)
             == "backoff.factor = 0.9999999999999999" + bound);
  BOOST_TEST(with_factor(1.0) == "accepted");
  BOOST_TEST(with_factor(1e308) == "accepted");
}

BOOST_AUTO_TEST_CASE(a_first_above_max_is_refused) {
  auto policy = backoff_policy::custom(40s, 30s, 2.0, jitter::none);
  BOOST_TEST(refusal(policy)
             == "backoff.first = 40s: must not exceed backoff.max (30s)");
  BOOST_TEST(refusal(policy.with_first(30s)) == "accepted");
  BOOST_TEST(refusal(backoff_policy{}.with_first(30s + 1ns))
             == "backoff.first = 30000000001ns: must not exceed backoff.max"
                " (30s)");
}

BOOST_AUTO_TEST_CASE(no_sequence_of_setters_gets_a_floor_above_max_through) {
  BOOST_TEST(refusal(backoff_policy{}.with_floor(1h)) == "accepted");
  BOOST_TEST(refusal(backoff_policy{}.with_floor(30s).with_max(1s))
             == "accepted");
}

BOOST_AUTO_TEST_CASE(the_factor_is_refused_before_the_order_of_the_bounds) {
  auto policy = backoff_policy::custom(40s, 30s, 0.0, jitter::none);
  BOOST_TEST(refusal(policy).find("backoff.factor") == 0u);
}

BOOST_AUTO_TEST_CASE(zero_and_the_longest_durations_are_accepted) {
  BOOST_TEST(refusal(backoff_policy::constant(0s)) == "accepted");
  BOOST_TEST(refusal(backoff_policy{}.with_max(0s)) == "accepted");
  BOOST_TEST(refusal(backoff_policy::exponential(for_ever)) == "accepted");
}

// -- worked values ------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_default_spreads_over_the_upper_half_of_each_step) {
  backoff_policy policy;
  check_range(policy, 0, 100ms, 200ms);
  check_range(policy, 1, 200ms, 400ms);
  check_range(policy, 2, 400ms, 800ms);
  check_range(policy, 20, 15s, 30s);
}

BOOST_AUTO_TEST_CASE(exponential_doubles_up_to_its_cap) {
  auto policy = backoff_policy::exponential(100ms);
  check_fixed(policy, 0, 100ms);
  check_fixed(policy, 1, 200ms);
  check_fixed(policy, 2, 400ms);
  check_fixed(policy, 8, 25'600ms);
  check_fixed(policy, 9, 30s);
  check_fixed(policy, 63, 30s);
  check_fixed(policy, 64, 30s);
  check_fixed(policy, UINT32_MAX, 30s);
}

BOOST_AUTO_TEST_CASE(constant_is_exact_at_every_index_and_length) {
  for (auto index : {0u, 1u, 1000u, UINT32_MAX}) {
    check_fixed(backoff_policy::constant(500ms), index, 500ms);
    // Not representable as a double.
    auto odd = 8760h + 1ns;
    check_fixed(backoff_policy::constant(odd), index, odd);
    check_fixed(backoff_policy::constant(odd).with_max(for_ever), index, odd);
    check_fixed(backoff_policy::constant(for_ever), index, for_ever);
  }
}

BOOST_AUTO_TEST_CASE(other_factors_round_to_the_nearest_nanosecond) {
  auto policy = backoff_policy::custom(100ms, 1h, 1.5, jitter::none);
  check_fixed(policy, 1, 150ms);
  check_fixed(policy, 2, 225ms);
  check_fixed(policy, 3, 337'500us);
  policy = backoff_policy::custom(10'000'001ns, 1h, 1.5, jitter::none);
  check_fixed(policy, 1, 15'000'002ns);
}

BOOST_AUTO_TEST_CASE(full_jitter_spreads_from_the_guard_to_the_base) {
  auto policy = backoff_policy::exponential(100ms).with_jitter(jitter::full);
  check_range(policy, 0, 1ms, 100ms);
  check_range(policy, 3, 1ms, 800ms);
}

BOOST_AUTO_TEST_CASE(equal_jitter_splits_an_odd_base_downwards) {
  auto policy =
    backoff_policy::constant(5'000'001ns).with_jitter(jitter::equal);
  check_range(policy, 0, 2'500'000ns, 5'000'001ns);
}

BOOST_AUTO_TEST_CASE(band_spreads_from_first_to_three_times_the_base) {
  auto policy = backoff_policy::exponential(1s).with_jitter(jitter::band);
  check_range(policy, 0, 1s, 3s);
  check_range(policy, 1, 1s, 6s);
  check_range(policy, 3, 1s, 24s);
  check_range(policy, 4, 1s, 30s);
  check_range(policy, UINT32_MAX, 1s, 30s);
}

BOOST_AUTO_TEST_CASE(the_floor_lifts_delays_after_jitter) {
  auto policy = backoff_policy{}.with_floor(150ms);
  check_range(policy, 0, 150ms, 200ms);
  policy = policy.with_jitter(jitter::full).with_floor(1s);
  check_fixed(policy, 0, 1s);
  policy = backoff_policy::constant(0s).with_floor(20ms);
  check_fixed(policy, 5, 20ms);
}

// -- guard against hot loops --------------------------------------------------

BOOST_AUTO_TEST_CASE(short_delays_are_lifted_to_one_millisecond) {
  auto policy = backoff_policy::custom(500us, 30s, 1.0, jitter::full);
  check_fixed(policy, 0, 1ms);
  check_fixed(policy, 7, 1ms);
  check_fixed(backoff_policy::constant(1ns), 0, 1ms);
}

BOOST_AUTO_TEST_CASE(the_guard_does_not_exceed_max) {
  check_fixed(backoff_policy::custom(500us, 500us, 2.0, jitter::none), 3,
              500us);
  check_fixed(backoff_policy::custom(500us, 500us, 2.0, jitter::full), 3,
              500us);
}

BOOST_AUTO_TEST_CASE(only_a_first_of_zero_retries_at_once) {
  for (auto kind : all_jitters) {
    auto policy = backoff_policy{}.with_first(0s).with_jitter(kind);
    check_fixed(policy, 0, 0s);
    check_fixed(policy, UINT32_MAX, 0s);
    check_fixed(backoff_policy{}.with_max(0s).with_jitter(kind), 9, 0s);
  }
}

// -- saturation ---------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_million_retries_stay_in_bounds_and_never_shrink) {
  for (auto max : {duration{30s}, for_ever}) {
    for (auto factor : {1.0, 1.000001, 2.0, 1e308}) {
      auto policy = backoff_policy::custom(3ms, max, factor, jitter::none);
      scripted_random unused{0};
      duration last{0};
      for (std::uint32_t n = 0; n <= 1'000'000; ++n) {
        auto delay = policy.delay_for_retry(n, unused);
        if (delay < 3ms || delay < last || delay > max)
          BOOST_FAIL("retry " << n << ": " << delay.count() << " ns");
        last = delay;
      }
      BOOST_TEST((factor == 1.0 || factor == 1.000001 || last == max));
      BOOST_TEST(unused.drawn() == 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_longest_durations_do_not_overflow_under_any_jitter) {
  auto policy = backoff_policy::exponential(for_ever);
  for (auto index : {0u, 1u, 62u, 63u, 64u, 1'000'000u, UINT32_MAX}) {
    check_fixed(policy, index, for_ever);
    check_range(policy.with_jitter(jitter::full), index, 1ms, for_ever);
    check_range(policy.with_jitter(jitter::equal), index, for_ever / 2,
                for_ever);
    check_fixed(policy.with_jitter(jitter::band), index, for_ever);
  }
  auto wide = backoff_policy::exponential(1s).with_max(for_ever).with_jitter(
    jitter::band);
  check_range(wide, 62, 1s, for_ever);
}

BOOST_AUTO_TEST_CASE(invalid_policies_still_give_a_delay_in_bounds) {
  splitmix64 random{3};
  for (auto first : {duration::min(), duration{-1s}, duration{1s}, for_ever})
    for (auto max : {duration::min(), duration{0}, duration{10s}, for_ever})
      for (auto factor :
           {not_a_number, infinity, -infinity, -1e300, -2.0, 0.0, 0.5})
        for (auto kind : all_jitters)
          for (auto index : {0u, 1u, 2u, 3u, UINT32_MAX}) {
            auto policy = backoff_policy::custom(first, max, factor, kind);
            BOOST_TEST_REQUIRE(policy.validate().has_value());
            auto delay = policy.delay_for_retry(index, random);
            BOOST_TEST_REQUIRE(delay.count() >= 0);
            BOOST_TEST_REQUIRE((delay <= max || delay == 0s));
          }
}

BOOST_AUTO_TEST_SUITE_END()
