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
#include <string>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// What the task's actor shows of itself, for `list`: written by the actor,
/// read by the registry while the actor may be busy in user code.
class task_status {
public:
  void enter(task_state state, std::int64_t now, std::int64_t until = 0) {
    std::lock_guard guard{mutex_};
    state_ = state;
    since_ = now;
    until_ = until;
  }

  void begin_attempt(std::uint32_t number, std::int64_t now) {
    std::lock_guard guard{mutex_};
    state_ = task_state::running;
    since_ = now;
    until_ = 0;
    attempt_ = number;
  }

  void failed(std::string reason) {
    std::lock_guard guard{mutex_};
    last_failure_ = std::move(reason);
  }

  void write_to(task_info& info, std::int64_t now) const {
    std::lock_guard guard{mutex_};
    info.state = state_;
    info.attempt = attempt_;
    info.in_state = duration{now > since_ ? now - since_ : 0};
    if (until_ != 0)
      info.remaining = duration{until_ > now ? until_ - now : 0};
    info.last_failure = last_failure_;
  }

private:
  mutable std::mutex mutex_;
  task_state state_ = task_state::starting;
  std::uint32_t attempt_ = 0;
  std::int64_t since_ = 0;
  std::int64_t until_ = 0;
  std::string last_failure_;
};

/// One registered task: shared by the registry's entry and the task's actor.
struct task_record {
  task_record(task_id x, std::string n, body_ptr b, task_defaults p)
    : id(x), name(std::move(n)), body(std::move(b)), policies(p) {}

  const task_id id;
  const std::string name;
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
