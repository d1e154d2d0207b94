#include "restart_decision.hpp"

#include <algorithm>

namespace taskvisor::detail {

namespace {

/// A task that succeeds at once makes at most 1000 attempts a second.
constexpr duration min_attempt_spacing = std::chrono::milliseconds{1};

restart_decision after_success(const restart_facts& facts) {
  using enum end_task::how;
  if (facts.restart.kind() != restart_kind::always)
    return end_task{facts.stop_requested ? canceled : completed, false};
  auto elapsed = std::max(facts.elapsed, duration::zero());
  auto guard = elapsed < min_attempt_spacing ? min_attempt_spacing - elapsed
                                             : duration::zero();
  auto interval = facts.restart.interval();
  auto delay = std::max(interval.value_or(duration::zero()), guard);
  return run_again{delay, run_again::after::success, !interval, 0};
}

restart_decision after_failure(const restart_facts& facts,
                               random_source& random) {
  if (facts.restart.kind() == restart_kind::never)
    return end_task{end_task::how::failed, false};
  if (facts.max_retries && facts.retries >= *facts.max_retries)
    return end_task{end_task::how::failed, true};
  auto retries = facts.retries;
  auto delay = facts.backoff.delay_for_retry(retries, random);
  if (retries < UINT32_MAX)
    ++retries;
  return run_again{delay, run_again::after::failure, false, retries};
}

} // namespace

restart_decision decide_restart(const restart_facts& facts,
                                random_source& random) {
  switch (facts.result) {
    case attempt_result::succeeded:
      return after_success(facts);
    case attempt_result::failed:
    case attempt_result::timed_out:
      return after_failure(facts, random);
    case attempt_result::fatal:
      return end_task{end_task::how::fatal, false};
    case attempt_result::canceled:
      return end_task{end_task::how::canceled, false};
    case attempt_result::aborted:
      break;
  }
  return end_task{end_task::how::force_aborted, false};
}

} // namespace taskvisor::detail
