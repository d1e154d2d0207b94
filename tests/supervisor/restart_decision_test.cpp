#include "restart_decision.hpp"

#include "scripted_random.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::detail;
using taskvisor::test::scripted_random;

namespace {

constexpr auto backoff = backoff_policy::exponential(100ms);

restart_decision decide(const restart_facts& facts) {
  scripted_random random{0};
  return decide_restart(facts, random);
}

run_again again(const restart_facts& facts) {
  auto decision = decide(facts);
  BOOST_TEST_REQUIRE(std::holds_alternative<run_again>(decision));
  return std::get<run_again>(decision);
}

/// One letter a decision, see the legend of the matrix.
char letter_of(const restart_decision& decision) {
  if (auto x = std::get_if<run_again>(&decision)) {
    if (x->source == run_again::after::failure)
      return x->silent ? '?' : 'r';
    return x->silent ? 'q' : 's';
  }
  auto& end = std::get<end_task>(decision);
  if (end.budget_used_up)
    return end.outcome == end_task::how::failed ? 'B' : '?';
  switch (end.outcome) {
    case end_task::how::completed:
      return 'C';
    case end_task::how::failed:
      return 'F';
    case end_task::how::fatal:
      return 'X';
    case end_task::how::canceled:
      return 'K';
    case end_task::how::force_aborted:
      return 'A';
  }
  return '?';
}

struct matrix_row {
  const char* name;
  restart_policy policy;
  attempt_result result;
  std::string_view expected;
};

using enum attempt_result;

// A letter for each budget {unlimited, left, used up}, first without and then
// with a stop request.
// C completed, F failed, B failed with the budget used up, X fatal,
// K canceled, A force-aborted, r retry after failure,
// s again after success, q the same without an event.
const matrix_row matrix[] = {
  {"never", restart_policy::never, succeeded, "CCC KKK"},
  {"never", restart_policy::never, failed, "FFF FFF"},
  {"never", restart_policy::never, timed_out, "FFF FFF"},
  {"never", restart_policy::never, fatal, "XXX XXX"},
  {"never", restart_policy::never, canceled, "KKK KKK"},
  {"never", restart_policy::never, aborted, "AAA AAA"},
  {"on_failure", restart_policy::on_failure, succeeded, "CCC KKK"},
  {"on_failure", restart_policy::on_failure, failed, "rrB rrB"},
  {"on_failure", restart_policy::on_failure, timed_out, "rrB rrB"},
  {"on_failure", restart_policy::on_failure, fatal, "XXX XXX"},
  {"on_failure", restart_policy::on_failure, canceled, "KKK KKK"},
  {"on_failure", restart_policy::on_failure, aborted, "AAA AAA"},
  {"always", restart_policy::always, succeeded, "qqq qqq"},
  {"always", restart_policy::always, failed, "rrB rrB"},
  {"always", restart_policy::always, timed_out, "rrB rrB"},
  {"always", restart_policy::always, fatal, "XXX XXX"},
  {"always", restart_policy::always, canceled, "KKK KKK"},
  {"always", restart_policy::always, aborted, "AAA AAA"},
  {"always(1s)", restart_policy::always(1s), succeeded, "sss sss"},
  {"always(1s)", restart_policy::always(1s), failed, "rrB rrB"},
  {"always(1s)", restart_policy::always(1s), timed_out, "rrB rrB"},
  {"always(1s)", restart_policy::always(1s), fatal, "XXX XXX"},
  {"always(1s)", restart_policy::always(1s), canceled, "KKK KKK"},
  {"always(1s)", restart_policy::always(1s), aborted, "AAA AAA"},
};

std::string decisions_of(const matrix_row& row) {
  using budget = std::optional<std::uint32_t>;
  std::string result;
  for (bool stop_requested : {false, true}) {
    for (auto max_retries : {budget{}, budget{3}, budget{2}})
      result += letter_of(decide({.restart = row.policy,
                                  .backoff = backoff,
                                  .max_retries = max_retries,
                                  .retries = 2,
                                  .result = row.result,
                                  .stop_requested = stop_requested}));
    result += stop_requested ? "" : " ";
  }
  return result;
}

restart_facts success(const restart_policy& policy, duration elapsed) {
  return {.restart = policy, .backoff = backoff, .elapsed = elapsed};
}

} // namespace

BOOST_AUTO_TEST_SUITE(restart_decision_test)

BOOST_AUTO_TEST_CASE(policy_result_stop_and_budget_decide_as_in_the_matrix) {
  for (const auto& row : matrix)
    BOOST_TEST_CONTEXT(row.name << ", result " << static_cast<int>(row.result))
  BOOST_TEST(decisions_of(row) == row.expected);
}

// -- failures -----------------------------------------------------------------

BOOST_AUTO_TEST_CASE(the_delay_follows_the_number_of_retries_already_made) {
  auto policy = restart_policy::on_failure;
  restart_facts facts{.restart = policy, .backoff = backoff, .result = failed};
  for (auto expected : {100ms, 200ms, 400ms, 800ms}) {
    auto decision = again(facts);
    BOOST_TEST(decision.delay.count() == duration{expected}.count());
    BOOST_TEST(decision.retries == facts.retries + 1);
    facts.retries = decision.retries;
  }
}

BOOST_AUTO_TEST_CASE(the_duration_and_interval_do_not_matter_after_a_failure) {
  auto policy = restart_policy::always(1h);
  for (auto elapsed : {duration{0}, duration{1h}}) {
    auto decision = again({.restart = policy,
                           .backoff = backoff,
                           .result = failed,
                           .elapsed = elapsed});
    BOOST_CHECK(decision.delay == 100ms);
  }
}

BOOST_AUTO_TEST_CASE(chance_is_drawn_for_a_retry_with_jitter_and_nothing_else) {
  backoff_policy with_jitter;
  for (const auto& row : matrix) {
    scripted_random random{UINT64_MAX};
    auto decision = decide_restart(
      {.restart = row.policy, .backoff = with_jitter, .result = row.result},
      random);
    auto retry = letter_of(decision) == 'r';
    BOOST_TEST((random.drawn() > 0) == retry);
    if (retry)
      BOOST_CHECK(std::get<run_again>(decision).delay == 200ms);
  }
}

BOOST_AUTO_TEST_CASE(m_retries_allow_m_plus_one_failures_in_a_row) {
  auto policy = restart_policy::on_failure;
  for (std::uint32_t max_retries : {1u, 2u, 7u}) {
    restart_facts facts{.restart = policy,
                        .backoff = backoff,
                        .max_retries = max_retries,
                        .result = failed};
    std::uint32_t attempts = 1;
    auto decision = decide(facts);
    while (auto retry = std::get_if<run_again>(&decision)) {
      facts.retries = retry->retries;
      ++attempts;
      decision = decide(facts);
    }
    BOOST_TEST(attempts == max_retries + 1);
    BOOST_TEST(letter_of(decision) == 'B');
  }
}

BOOST_AUTO_TEST_CASE(a_success_refills_the_budget) {
  auto policy = restart_policy::always;
  restart_facts facts{.restart = policy, .backoff = backoff, .max_retries = 2};
  std::string decisions;
  for (auto attempt : std::string_view{"FSFFSFFF"}) {
    facts.result = attempt == 'F' ? failed : succeeded;
    auto decision = decide(facts);
    decisions += letter_of(decision);
    if (auto next = std::get_if<run_again>(&decision))
      facts.retries = next->retries;
  }
  BOOST_TEST(decisions == "rqrrqrrB");
}

BOOST_AUTO_TEST_CASE(a_budget_of_zero_is_one_attempt) {
  auto policy = restart_policy::on_failure;
  auto decision = decide({.restart = policy,
                          .backoff = backoff,
                          .max_retries = 0,
                          .result = failed});
  BOOST_TEST(letter_of(decision) == 'B');
}

BOOST_AUTO_TEST_CASE(the_retry_counter_stops_at_its_end) {
  auto policy = restart_policy::on_failure;
  restart_facts facts{.restart = policy,
                      .backoff = backoff,
                      .retries = UINT32_MAX,
                      .result = failed};
  auto decision = again(facts);
  BOOST_TEST(decision.retries == UINT32_MAX);
  BOOST_CHECK(decision.delay == 30s);
  facts.max_retries = UINT32_MAX;
  BOOST_TEST(letter_of(decide(facts)) == 'B');
}

// -- repeats ------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_interval_starts_at_the_end_of_the_attempt) {
  auto policy = restart_policy::always(5s);
  for (auto elapsed : {duration{0}, duration{3s}, duration{1h}}) {
    auto decision = again(success(policy, elapsed));
    BOOST_CHECK(decision.delay == 5s);
    BOOST_CHECK(decision.source == run_again::after::success);
    BOOST_TEST(!decision.silent);
  }
}

BOOST_AUTO_TEST_CASE(a_tiny_interval_keeps_attempts_one_millisecond_apart) {
  auto policy = restart_policy::always(100us);
  BOOST_CHECK(again(success(policy, 0s)).delay == 1ms);
  BOOST_CHECK(again(success(policy, 400us)).delay == 600us);
  BOOST_CHECK(again(success(policy, 950us)).delay == 100us);
  BOOST_CHECK(again(success(policy, 1h)).delay == 100us);
  BOOST_TEST(!again(success(policy, 0s)).silent);
}

BOOST_AUTO_TEST_CASE(without_interval_only_the_rest_of_a_millisecond_is_slept) {
  auto policy = restart_policy{restart_policy::always};
  BOOST_CHECK(again(success(policy, 0s)).delay == 1ms);
  BOOST_CHECK(again(success(policy, 999'999ns)).delay == 1ns);
  BOOST_CHECK(again(success(policy, 1ms)).delay == 0s);
  BOOST_CHECK(again(success(policy, 1h)).delay == 0s);
  BOOST_TEST(again(success(policy, 0s)).silent);
  BOOST_TEST(again(success(policy, 1h)).silent);
}

BOOST_AUTO_TEST_CASE(odd_durations_neither_overflow_nor_lengthen_the_guard) {
  auto policy = restart_policy{restart_policy::always};
  BOOST_CHECK(again(success(policy, -1s)).delay == 1ms);
  BOOST_CHECK(again(success(policy, duration::min())).delay == 1ms);
  BOOST_CHECK(again(success(policy, duration::max())).delay == 0s);
  auto slow = restart_policy::always(duration::max());
  BOOST_CHECK(again(success(slow, 0s)).delay == duration::max());
}

BOOST_AUTO_TEST_SUITE_END()
