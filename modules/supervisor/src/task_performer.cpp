#include "task_performer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace taskvisor::detail {

namespace {

/// Each actor has this many keys to itself.
constexpr int key_bits = 36;

} // namespace

task_performer::task_performer(caf::actor_config& cfg,
                               std::shared_ptr<runtime> env,
                               std::uint32_t number)
  : task_actor::base(cfg),
    env_(std::move(env)),
    random_(env_->config.seed, number) {
  start_keys_at(std::uint64_t{number} << key_bits);
}

task_performer::behavior_type task_performer::make_behavior() {
  return {
    [this](start_task& x) { on_start(x); },
    [this](const stop_task& x) { on_stop(x); },
    [this](const abort_task& x) { on_abort(x); },
    [this](const permit_granted& x) { on_permit(x); },
    [this](const retire_task&) { quit(); },
    [this](const wake& x) { on_wake(x); },
  };
}

void task_performer::on_exit() {
  // Killed or thrown out from outside the body: the registry must still learn
  // how the task ended. Nothing in here may take a handle to this actor.
  if (!env_)
    return;
  destroy_attempt();
  if (auto record = std::exchange(record_, nullptr)) {
    record->body = nullptr;
    outcome result;
    result.kind = outcome_kind::crashed;
    result.reason = "the task's actor was terminated from outside";
    if (holds_permit_)
      post(env_->registry, permit_returned{record->id});
    report_end(record->id, std::move(result));
  }
  env_ = nullptr;
}

// -- messages -----------------------------------------------------------------

void task_performer::on_start(start_task& x) {
  record_ = std::move(x.record);
  attempt_ = 0;
  retries_ = 0;
  stop_requested_ = false;
  clear_stop();
  next_attempt();
}

void task_performer::on_stop(const stop_task& x) {
  if (!record_ || record_->id != x.id || stop_requested_)
    return;
  stop_requested_ = true;
  switch (phase_) {
    case phase::running:
      env_->change(*record_,
                   [this](task_progress& p) { return p.stop(env_->now()); });
      stop_attempt(stop_reason::canceled);
      break;
    case phase::delayed:
      disarm_own(delay_slot);
      finish({outcome_kind::canceled, {}, {}, {}, {}});
      break;
    case phase::waiting:
    case phase::idle:
      finish({outcome_kind::canceled, {}, {}, {}, {}});
      break;
  }
}

void task_performer::on_abort(const abort_task& x) {
  if (!record_ || record_->id != x.id)
    return;
  stop_requested_ = true;
  if (phase_ == phase::running)
    abort_attempt();
  else
    finish({outcome_kind::canceled, {}, {}, {}, {}});
}

void task_performer::on_permit(const permit_granted& x) {
  auto mine = record_ && record_->id == x.id;
  if (mine && phase_ == phase::waiting) {
    holds_permit_ = true;
    run_attempt();
  } else if (mine && phase_ == phase::running && !holds_permit_) {
    holds_permit_ = true; // the limit came while this attempt ran
  } else {
    // It crossed with the end of what it was for.
    post(env_->registry, permit_returned{x.id});
  }
}

void task_performer::on_wake(const wake& x) {
  if (x.slot >= first_leaf_slot) {
    fire({x.key, x.slot});
    return;
  }
  if (own_keys_[x.slot] != x.key)
    return;
  own_keys_[x.slot] = 0;
  switch (x.slot) {
    case timeout_slot:
      on_timeout();
      break;
    case grace_slot:
      on_grace_over();
      break;
    default:
      if (phase_ == phase::delayed)
        next_attempt();
  }
}

// -- the loop -----------------------------------------------------------------

void task_performer::next_attempt() {
  if (!env_->limited()) {
    run_attempt();
    return;
  }
  phase_ = phase::waiting;
  env_->change(*record_, [this](task_progress& x) {
    return x.wait(state::waiting_for_permit, env_->now());
  });
  post(env_->registry, permit_wanted{record_->id});
}

void task_performer::run_attempt() {
  phase_ = phase::running;
  timed_out_ = false;
  aborting_ = false;
  if (attempt_ != std::numeric_limits<std::uint32_t>::max())
    ++attempt_;
  env_->await_room();
  started_ = env_->now();
  auto begin = [this](task_progress& x) {
    return x.begin_attempt(attempt_, started_);
  };
  if (!env_->change(event_kind::attempt_starting, *record_, begin,
                    [](event&) {})) {
    drop();
    return;
  }
  if (record_->policies.timeout > duration::zero())
    arm_own(timeout_slot, record_->policies.timeout);
  begin_body();
}

void task_performer::attempt_over(attempt_end end) {
  auto now = env_->now();
  auto took = duration{std::max<std::int64_t>(now - started_, 0)};
  tell_end(end, now, took);
  destroy_attempt();
  if (std::exchange(holds_permit_, false))
    post(env_->registry, permit_returned{record_->id});
  const auto& policies = record_->policies;
  std::optional<std::uint32_t> budget;
  if (policies.max_retries != unlimited_retries)
    budget = policies.max_retries;
  auto decision = decide_restart({.restart = policies.restart,
                                  .backoff = policies.backoff,
                                  .max_retries = budget,
                                  .retries = retries_,
                                  .result = end.result,
                                  .stop_requested = stop_requested_,
                                  .elapsed = took},
                                 random_);
  if (auto* again = std::get_if<run_again>(&decision))
    perform(*again, end.reason);
  else
    perform(std::get<end_task>(decision), std::move(end));
}

void task_performer::perform(const end_task& decision, attempt_end end) {
  outcome result;
  switch (decision.outcome) {
    case end_task::how::completed:
      break;
    case end_task::how::failed:
      result.kind = outcome_kind::failed;
      break;
    case end_task::how::fatal:
      result.kind = outcome_kind::fatal;
      break;
    case end_task::how::canceled:
      result.kind = outcome_kind::canceled;
      break;
    case end_task::how::force_aborted:
      result.kind = outcome_kind::force_aborted;
      break;
  }
  if (decision.budget_used_up)
    end.reason = fmt::format("{} of {} retries used: {}", retries_,
                             record_->policies.max_retries, end.reason);
  if (result.kind != outcome_kind::completed
      && result.kind != outcome_kind::canceled) {
    result.reason = std::move(end.reason);
    result.exit_code = end.exit_code;
  }
  finish(std::move(result));
}

void task_performer::perform(const run_again& decision,
                             const std::string& reason) {
  retries_ = decision.retries;
  env_->await_room();
  auto after_failure = decision.source == run_again::after::failure;
  auto fill = [&](event& x) {
    x.attempt = attempt_;
    x.delay = decision.delay;
    x.source =
      after_failure ? backoff_source::failure : backoff_source::success;
    if (after_failure)
      x.reason = reason;
  };
  if (stop_requested_) {
    if (!decision.silent)
      env_->publish(event_kind::backoff_scheduled, *record_, fill);
    finish({outcome_kind::canceled, {}, {}, {}, {}});
    return;
  }
  phase_ = phase::delayed;
  auto now = env_->now();
  auto waits = after_failure ? state::backing_off : state::waiting_for_interval;
  // A silent repeat goes on at once: nobody hears that it waits.
  if (decision.silent)
    waits = state::ended;
  env_->change(
    event_kind::backoff_scheduled, *record_,
    [&](task_progress& x) {
      return x.wait(waits, now, saturating_due(now, decision.delay));
    },
    fill);
  arm_own(delay_slot, decision.delay);
}

void task_performer::finish(outcome result) {
  auto record = std::exchange(record_, nullptr);
  phase_ = phase::idle;
  env_->change(*record, [this](task_progress& x) {
    return x.wait(state::ended, env_->now());
  });
  // The closure goes before the report: whoever hears of the end may rely on
  // everything the task held being free.
  record->body = nullptr;
  report_end(record->id, std::move(result));
}

void task_performer::drop() {
  if (std::exchange(holds_permit_, false))
    post(env_->registry, permit_returned{record_->id});
  phase_ = phase::idle;
  record_ = nullptr;
}

void task_performer::report_end(task_id id, outcome result) {
  // Ends overtake commands: a flood of those delays no cleanup (D-18).
  post_urgent(env_->registry, task_ended{id, std::move(result)});
}

// -- timers -------------------------------------------------------------------

void task_performer::arm_own(own_slot slot, duration delay) {
  own_keys_[slot] = next_key();
  arm(delay, {own_keys_[slot], slot});
}

void task_performer::disarm_own(own_slot slot) noexcept {
  if (auto key = std::exchange(own_keys_[slot], 0))
    disarm(key);
}

void task_performer::arm(duration delay, wake_token token) {
  // A timer of zero would cost a way through two more actors.
  if (delay <= duration::zero())
    post(handle(), wake{token.key, token.slot});
  else
    env_->arm(saturating_due(env_->now(), delay), token.key, token.slot,
              handle());
}

void task_performer::disarm(std::uint64_t key) noexcept {
  if (!env_->draining.load(std::memory_order_relaxed))
    post(env_->timers, disarm_timer{key});
}

} // namespace taskvisor::detail
