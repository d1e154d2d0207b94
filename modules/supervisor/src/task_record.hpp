#pragma once

#include "taskvisor/events/error.hpp"
#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/supervisor/detail/requests.hpp"
#include "taskvisor/supervisor/task_info.hpp"
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

/// What the task's actor shows of itself, for `list`: written by the actor,
/// read by the registry while the actor may be busy in user code.
class task_status {
public:
  /// Between two attempts, or before the first.
  void wait(task_state state, std::int64_t now, std::int64_t until = 0) {
    std::lock_guard guard{mutex_};
    enter(state, now);
    until_ = until;
    attempt_began_.reset();
  }

  /// False if the registry has ended the task meanwhile.
  bool begin_attempt(std::uint32_t number, std::int64_t now) {
    std::lock_guard guard{mutex_};
    if (state_ == task_state::ended)
      return false;
    enter(task_state::running, now);
    attempt_ = number;
    attempt_began_ = now;
    return true;
  }

  /// Ends a task whose user code does not run, without its actor: that may be
  /// waiting for a worker thread that never comes free. False if it runs.
  bool end_unless_running(std::int64_t now) {
    std::lock_guard guard{mutex_};
    if (in_attempt() && state_ != task_state::waiting_for_thread)
      return false;
    enter(task_state::ended, now);
    attempt_began_.reset();
    return true;
  }

  /// User code begins or returns, on the thread of the task's actor.
  void enter_code(bool inside) noexcept {
    in_code_.store(inside, std::memory_order_relaxed);
  }
  bool in_code() const noexcept {
    return in_code_.load(std::memory_order_relaxed);
  }

  void wait_for_thread(std::int64_t now) {
    std::lock_guard guard{mutex_};
    if (state_ == task_state::running)
      enter(task_state::waiting_for_thread, now);
  }

  /// A blocking function has got its thread. False if the registry has ended
  /// the task meanwhile.
  bool leave_queue(std::int64_t now) {
    std::lock_guard guard{mutex_};
    if (state_ == task_state::waiting_for_thread)
      enter(task_state::running, now);
    return state_ != task_state::ended;
  }

  /// An attempt that runs is to stop.
  void stop(std::int64_t now) {
    std::lock_guard guard{mutex_};
    if (state_ == task_state::running)
      enter(task_state::stopping, now);
  }

  /// False if it was stuck already.
  bool stick(std::int64_t now) {
    std::lock_guard guard{mutex_};
    if (state_ == task_state::stuck)
      return false;
    enter(task_state::stuck, now);
    return true;
  }

  void failed(std::string reason) {
    std::lock_guard guard{mutex_};
    last_failure_ = std::move(reason);
  }

  void write_to(task_info& info, std::int64_t now) const {
    std::lock_guard guard{mutex_};
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

  bool in_attempt() const noexcept { return attempt_began_.has_value(); }

  void enter(task_state state, std::int64_t now) noexcept {
    if (state != state_)
      since_ = now;
    state_ = state;
    until_ = 0;
  }

  mutable std::mutex mutex_;
  task_state state_ = task_state::starting;
  std::uint32_t attempt_ = 0;
  std::int64_t since_ = 0;
  std::int64_t until_ = 0;
  std::optional<std::int64_t> attempt_began_;
  std::string last_failure_;
  std::atomic<bool> in_code_{false};
};

/// One registered task: shared by the registry's entry and the task's actor.
struct task_record {
  task_record(task_id x, std::string n, body_ptr b, task_defaults p,
              std::int64_t now)
    : id(x),
      name(std::move(n)),
      kind(b->kind()),
      body(std::move(b)),
      policies(p) {
    status.wait(task_state::starting, now);
  }

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
    status.write_to(result, now);
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

/// What enters the registry: all items or none.
struct admission {
  struct item {
    task_id id;
    task_spec spec;
    outcome_sink watcher;
  };

  std::vector<item> items;
  /// Called once with the decision; an empty error means registered.
  std::function<void(const caf::error&)> decided;
  /// Room in the command queue that goes back when this was taken.
  std::shared_ptr<void> credit;
};

/// Asks for the membership, sorted by id.
struct read_request {
  std::function<void(std::vector<task_info>)> done;
};

} // namespace taskvisor::detail
