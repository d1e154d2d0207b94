#pragma once

#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <optional>
#include <string>
#include <utility>

namespace taskvisor {

/// A task for a slot: at most one task of a slot runs at a time, and the policy
/// says what happens if one does. A plain value.
class submission {
public:
  submission(admission_policy policy, task_spec task)
    : policy_(policy), task_(std::move(task)) {}

  static submission queue(task_spec task) {
    return {admission_policy::queue, std::move(task)};
  }

  static submission replace(task_spec task) {
    return {admission_policy::replace, std::move(task)};
  }

  static submission drop_if_running(task_spec task) {
    return {admission_policy::drop_if_running, std::move(task)};
  }

  static submission keep_latest(task_spec task) {
    return {admission_policy::keep_latest, std::move(task)};
  }

  /// The key of the slot; not empty. Without it the task's name is the key.
  submission with_slot(std::string key) const;

  /// How long it may wait: then it is rejected with `waited_too_long`. Zero is
  /// no limit, also where the controller has one.
  submission with_max_wait(duration limit) const;

  admission_policy policy() const noexcept { return policy_; }
  const task_spec& task() const noexcept { return task_; }

  const std::string& slot() const noexcept {
    return slot_ ? *slot_ : task_.name();
  }

  /// Empty means inherited from the controller.
  const std::optional<duration>& max_wait() const noexcept { return max_wait_; }

  /// The first field that is out of bounds: slot (not empty), max_wait (not
  /// negative), those of the task.
  std::optional<config_error> validate() const;

  task_spec take_task() && { return std::move(task_); }

private:
  admission_policy policy_;
  task_spec task_;
  std::optional<std::string> slot_;
  std::optional<duration> max_wait_;
};

/// A submission that knows its id before it is submitted, so that the id can be
/// noted first. Dropping it does nothing.
class prepared_submission {
public:
  /// Draws the id. Every operation that takes a prepared submission takes a
  /// plain one, too.
  prepared_submission(submission x)
    : id_(task_id::next()), request_(std::move(x)) {}

  prepared_submission(prepared_submission&&) noexcept = default;
  prepared_submission& operator=(prepared_submission&&) noexcept = default;

  task_id id() const noexcept { return id_; }
  const submission& request() const noexcept { return request_; }
  submission take_request() && { return std::move(request_); }

private:
  task_id id_;
  submission request_;
};

} // namespace taskvisor
