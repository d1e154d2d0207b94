#pragma once

#include "taskvisor/events/error.hpp"
#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/task_info.hpp"
#include "taskvisor/supervisor/detail/requests.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// What a task does. Each change says whether the state is another one.
class task_progress {
public:
  explicit task_progress(std::int64_t now) : since_(now) {}

  task_state state() const noexcept { return state_; }
  std::uint32_t attempt() const noexcept { return attempt_; }

  /// Between two attempts, or before the first. `until` is 0 without an end.
  bool wait(task_state state, std::int64_t now, std::int64_t until = 0) {
    auto changed = enter(state, now);
    attempt_began_.reset();
    until_ = until;
    return changed;
  }

  /// False if the registry has ended the task meanwhile.
  bool begin_attempt(std::uint32_t number, std::int64_t now) {
    if (withdrawn_)
      return false;
    enter(task_state::running, now);
    attempt_ = number;
    attempt_began_ = now;
    return true;
  }

  /// The body is over; what it holds is freed before the next `wait`. An empty
  /// reason is no failure. False if the registry has ended the task meanwhile.
  bool end_attempt(const std::string& reason, std::int64_t now) {
    enter(task_state::ended, now);
    if (!reason.empty())
      last_failure_ = reason;
    return !withdrawn_;
  }

  /// Ends a task whose user code does not run, without its actor: that may be
  /// waiting for a worker thread that never comes free. False if it runs.
  bool end_unless_running(std::int64_t now) {
    if (attempt_began_ && state_ != task_state::waiting_for_thread)
      return false;
    enter(task_state::ended, now);
    withdrawn_ = true;
    attempt_began_.reset();
    return true;
  }

  bool wait_for_thread(std::int64_t now) {
    return state_ == task_state::running
           && enter(task_state::waiting_for_thread, now);
  }

  /// A blocking function has got its thread.
  bool leave_queue(std::int64_t now) {
    return state_ == task_state::waiting_for_thread
           && enter(task_state::running, now);
  }
  bool withdrawn() const noexcept { return withdrawn_; }

  /// An attempt that runs is to stop.
  bool stop(std::int64_t now) {
    return state_ == task_state::running && enter(task_state::stopping, now);
  }

  bool stick(std::int64_t now) { return enter(task_state::stuck, now); }

  void write_to(task_info& info, std::int64_t now) const {
    info.state = state_;
    info.attempt = attempt_;
    info.in_state = since(since_, now);
    if (attempt_began_)
      info.attempt_age = since(*attempt_began_, now);
    if (until_ != 0)
      info.remaining = since(now, until_);
    info.last_failure = last_failure_;
  }

private:
  static duration since(std::int64_t from, std::int64_t to) noexcept {
    return duration{to > from ? to - from : 0};
  }

  bool enter(task_state state, std::int64_t now) noexcept {
    until_ = 0;
    if (state == state_)
      return false;
    since_ = now;
    state_ = state;
    return true;
  }

  task_state state_ = task_state::starting;
  bool withdrawn_ = false;
  std::uint32_t attempt_ = 0;
  std::int64_t since_;
  std::int64_t until_ = 0;
  std::optional<std::int64_t> attempt_began_;
  std::string last_failure_;
};

/// The progress of a task, changed by its actor and the registry, read by the
/// registry while the actor may be busy in user code.
class task_status {
public:
  explicit task_status(std::int64_t now) : progress_(now) {}

  /// Calls `f(task_progress&)` while nobody else looks.
  template <class F>
  auto with(F f) {
    std::lock_guard guard{mutex_};
    return f(progress_);
  }

  template <class F>
  auto with(F f) const {
    std::lock_guard guard{mutex_};
    return f(progress_);
  }

  /// User code begins or returns, on the thread of the task's actor.
  void enter_code(bool inside) noexcept {
    in_code_.store(inside, std::memory_order_relaxed);
  }
  bool in_code() const noexcept {
    return in_code_.load(std::memory_order_relaxed);
  }

private:
  mutable std::mutex mutex_;
  task_progress progress_;
  std::atomic<bool> in_code_{false};
};

/// What the registry and the task's actor share of one task.
struct task_record {
  task_record(task_id x, task_spec&& spec, const task_defaults& defaults,
              std::int64_t now)
    : id(x),
      name(std::move(spec).name()),
      kind(spec.body()->kind()),
      body(std::move(spec).body()),
      policies(spec.resolve(defaults)),
      status(now) {}

  /// Whether user code is what an aborted attempt waits for. Of an actor body
  /// nobody knows whether it is in a handler or only waits for a worker.
  bool hangs() const noexcept {
    return status.in_code() || kind == body_kind::blocking
           || kind == body_kind::actor;
  }

  task_info info(std::int64_t now) const {
    task_info result;
    result.id = id;
    result.name = name;
    result.body = kind;
    status.with([&](const task_progress& x) { x.write_to(result, now); });
    return result;
  }

  const task_id id;
  const std::string name;
  const body_kind kind;
  /// The user's closure; the task's actor releases it before it reports.
  body_ptr body;
  const task_defaults policies;
  task_status status;
};

/// Asks for the membership, and where it stands among the events.
struct read_request {
  /// With `at_rest` called while nobody publishes: it may send, nothing else.
  std::function<void(state_snapshot)> done;
  /// Else the number of the snapshot is 0.
  bool at_rest = false;
};

} // namespace taskvisor::detail
