// One attempt of a task: from the body's first line to how it ended.

#include "exception_text.hpp"
#include "task_performer.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

#include <algorithm>
#include <exception>
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

} // namespace

void task_performer::begin_body() {
  context_.emplace(*this, record_->name, record_->id, attempt_);
  try {
    running guard{*this};
    root_ = record_->body->begin(*context_);
  } catch (...) {
    conclude_with_current_exception();
    return;
  }
  if (!root_) { // a plain function that has returned
    attempt_over(attempt_result::succeeded, {}, {});
    return;
  }
  root_.frame().promise().core = this;
  resume_frame(root_.frame());
  on_resumed();
}

void task_performer::on_resumed() {
  if (phase_ == phase::running && root_ && root_.frame().done())
    conclude();
}

void task_performer::conclude() {
  // An attempt that timed out first has ended by that, however it is removed.
  if (timed_out_) {
    attempt_over(attempt_result::timed_out,
                 "timed out after " + exact_text(record_->policies.timeout),
                 {});
    return;
  }
  if (aborting_) {
    attempt_over(attempt_result::aborted, "did not stop within the grace", {});
    return;
  }
  auto error = root_.frame().promise().error;
  if (!error) {
    attempt_over(attempt_result::succeeded, {}, {});
    return;
  }
  try {
    std::rethrow_exception(error);
  } catch (...) {
    conclude_with_current_exception();
  }
}

/// The one place that catches what user code throws.
void task_performer::conclude_with_current_exception() {
  try {
    throw;
  } catch (const stopped&) {
    attempt_over(attempt_result::canceled, {}, {});
  } catch (const canceled&) {
    attempt_over(attempt_result::canceled, {}, {});
  } catch (const fatal& x) {
    attempt_over(attempt_result::fatal, x.what(), x.exit_code());
  } catch (const task_failure& x) {
    attempt_over(attempt_result::failed, x.what(), x.exit_code());
  } catch (const std::exception& x) {
    attempt_over(attempt_result::failed, exception_text(x), {});
  } catch (...) {
    attempt_over(attempt_result::failed, "an exception of unknown type", {});
  }
}

void task_performer::on_timeout() {
  if (phase_ != phase::running || timed_out_ || stop_requested_)
    return;
  timed_out_ = true;
  arm_own(grace_slot, env_->config.grace);
  request_stop(stop_reason::timed_out);
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

void task_performer::end_attempt(attempt_result result,
                                 const std::string& reason,
                                 std::optional<std::int32_t> exit_code) {
  auto kind = event_of(result);
  auto took = elapsed();
  auto fill = [&](event& x) {
    x.elapsed = took;
    if (kind == event_kind::attempt_failed) {
      x.reason = reason;
      x.exit_code = exit_code;
    } else if (kind == event_kind::attempt_timed_out) {
      x.timeout = record_->policies.timeout;
    }
  };
  env_->await_room();
  env_->change(
    kind, *record_,
    [&](task_progress& x) { return x.end_attempt(reason, env_->now()); }, fill);
}

duration task_performer::elapsed() const {
  return duration{std::max<std::int64_t>(env_->now() - started_, 0)};
}

} // namespace taskvisor::detail
