// One attempt of a task: from the body's first line to how it ended.

#include "exception_cast.hpp"
#include "exception_text.hpp"
#include "task_performer.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace taskvisor::detail {

namespace {

event_kind event_of(attempt_result result) noexcept {
  switch (result) {
    case attempt_result::succeeded:
      return event_kind::attempt_succeeded;
    case attempt_result::canceled:
      return event_kind::attempt_canceled;
    case attempt_result::timed_out:
      return event_kind::attempt_timed_out;
    case attempt_result::aborted:
      // The force destroys the attempt before it can say how it ended.
      return event_kind::task_state_changed;
    default:
      return event_kind::attempt_failed;
  }
}

/// The one place that looks at what user code throws.
attempt_end end_by(const std::exception_ptr& error) {
  if (exception_cast<stopped>(error) || exception_cast<canceled>(error))
    return {attempt_result::canceled, {}, {}};
  if (const auto* x = exception_cast<fatal>(error))
    return {attempt_result::fatal, x->what(), x->exit_code()};
  if (const auto* x = exception_cast<task_failure>(error))
    return {attempt_result::failed, x->what(), x->exit_code()};
  if (const auto* x = exception_cast<std::exception>(error))
    return {attempt_result::failed, exception_text(*x), {}};
  return {attempt_result::failed, "an exception of unknown type", {}};
}

} // namespace

void task_performer::begin_body() {
  context_.emplace(*this, record_->name, record_->id, attempt_);
  std::optional<attempt_end> thrown;
  try {
    running guard{*this};
    root_ = record_->body->begin(*context_);
  } catch (...) {
    thrown = end_by(std::current_exception());
  }
  if (thrown) {
    attempt_over(std::move(*thrown));
    return;
  }
  if (!root_) { // a plain function that has returned
    attempt_over({});
    return;
  }
  root_.frame().promise().core = this;
  resume_frame(root_.frame());
  on_resumed();
}

void task_performer::on_resumed() {
  if (phase_ == phase::running && root_ && root_.ended())
    conclude();
}

void task_performer::conclude() {
  // An attempt that timed out first has ended by that, however it is removed.
  if (timed_out_) {
    attempt_over({attempt_result::timed_out,
                  "timed out after " + exact_text(record_->policies.timeout),
                  {}});
    return;
  }
  if (aborting_) {
    attempt_over(
      {attempt_result::aborted, "did not stop within the grace", {}});
    return;
  }
  // Not held: it goes with the frame, before anybody hears of the end.
  const auto& error = root_.frame().promise().error;
  attempt_over(error ? end_by(error) : attempt_end{});
}

void task_performer::on_timeout() {
  if (phase_ != phase::running || timed_out_ || stop_requested_)
    return;
  timed_out_ = true;
  arm_own(grace_slot, env_->config.grace);
  stop_attempt(stop_reason::timed_out);
}

void task_performer::stop_attempt(stop_reason reason) {
  if (!record_->body->droppable() || !may_drop())
    request_stop(reason);
  else if (timed_out_)
    conclude();
  else
    attempt_over({attempt_result::canceled, {}, {}});
}

void task_performer::on_grace_over() {
  if (phase_ != phase::running)
    return;
  if (!aborting_) {
    abort_attempt();
    if (phase_ == phase::running)
      arm_own(grace_slot, settle_time);
    return;
  }
  post(env_->registry, attempt_stuck{record_->id});
}

void task_performer::abort_attempt() {
  aborting_ = true;
  if (may_destroy())
    conclude();
}

void task_performer::destroy_attempt() {
  disarm_own(timeout_slot);
  disarm_own(grace_slot);
  if (root_) {
    running guard{*this}; // the body's destructors
    root_.reset();
  }
  context_.reset();
  clear_stop();
}

void task_performer::tell_end(const attempt_end& end, std::int64_t now,
                              duration took) {
  auto kind = event_of(end.result);
  auto fill = [&](event& x) {
    x.elapsed = took;
    if (kind == event_kind::attempt_failed) {
      x.reason = end.reason;
      x.exit_code = end.exit_code;
    } else if (kind == event_kind::attempt_timed_out) {
      x.timeout = record_->policies.timeout;
    }
  };
  env_->await_room();
  env_->change(
    kind, *record_,
    [&](task_progress& x) { return x.end_attempt(end.reason, now); }, fill);
}

} // namespace taskvisor::detail
