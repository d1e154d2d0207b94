#pragma once

#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/backoff_policy.hpp"
#include "taskvisor/supervisor/random_source.hpp"
#include "taskvisor/supervisor/restart_policy.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace taskvisor::detail {

/// How one attempt ended.
enum class attempt_result : std::uint8_t {
  succeeded,
  failed,
  timed_out,
  fatal,
  canceled,
  /// Its frame was destroyed, or its actor killed, after the grace.
  aborted,
};

/// Everything the decision depends on, chance aside. The policies must
/// outlive the call.
struct restart_facts {
  const restart_policy& restart;
  const backoff_policy& backoff;
  std::optional<std::uint32_t> max_retries = std::nullopt;
  /// Retries decided since the last success, as the last decision said.
  std::uint32_t retries = 0;
  attempt_result result = attempt_result::succeeded;
  /// A cancel, a removal or a shutdown has asked the task to stop.
  bool stop_requested = false;
  /// From the attempt's start to its end. Negative counts as zero.
  duration elapsed = duration::zero();
};

/// The task ends.
struct end_task {
  enum class how : std::uint8_t {
    completed,
    failed,
    fatal,
    canceled,
    force_aborted,
  };
  how outcome = how::completed;
  /// The policy would have retried, but `max_retries` is reached: the reason
  /// of the failure then says so.
  bool budget_used_up = false;

  friend bool operator==(const end_task&, const end_task&) = default;
};

/// The task sleeps, then starts another attempt. Also decided after a stop was
/// requested: the caller then publishes as always and ends the sleep at once,
/// as canceled.
struct run_again {
  enum class after : std::uint8_t { failure, success };
  duration delay = duration::zero();
  after source = after::failure;
  /// No `backoff_scheduled` event: a success without interval, where the delay
  /// is only the guard against hot loops. Such a delay can be zero: still a
  /// message to oneself, never a call.
  bool silent = false;
  /// The value of `restart_facts::retries` for the next decision.
  std::uint32_t retries = 0;

  friend bool operator==(const run_again&, const run_again&) = default;
};

using restart_decision = std::variant<end_task, run_again>;

/// What follows the end of an attempt. Draws from `random` only for a delay
/// after a failure.
/// - Success ends the task, except under `always`, where it also refills the
///   retry budget. The outcome is canceled if a stop was requested before.
/// - A failure or timeout under `on_failure` and `always` is retried after the
///   backoff while `retries < max_retries`: M retries allow M + 1 failures in
///   a row. Otherwise it is final, whether or not a stop was requested.
/// - Everything else ends the task under every policy.
restart_decision decide_restart(const restart_facts& facts,
                                random_source& random);

} // namespace taskvisor::detail
