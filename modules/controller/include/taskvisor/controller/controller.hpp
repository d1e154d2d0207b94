#pragma once

#include "taskvisor/controller/actors.hpp"
#include "taskvisor/controller/controller_config.hpp"
#include "taskvisor/controller/slot_view.hpp"
#include "taskvisor/controller/submission.hpp"
#include "taskvisor/supervisor/pending.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <memory>
#include <string>

namespace taskvisor {

namespace detail {
struct controller_core;
} // namespace detail

/// Decides which task of a slot may run: at most one at a time, by the policy
/// of each submission. Cheap to copy; any thread; keeps its supervisor running
/// like a handle of it does.
///
/// Every accepted submission ends in exactly one outcome, and a slot never
/// starts its next task before the last one is gone, frame, closure and name.
/// `run` of a supervisor does not end while submissions wait. At the shutdown
/// those that wait are rejected with `controller_shutting_down`.
///
/// `supervisor_handle::remove` and `cancel` by id find submissions that wait,
/// too, and take them out; by name they see only what runs.
class controller {
public:
  /// Puts a controller in front of a supervisor, which starts it; at most once
  /// a supervisor. Errors: `invalid_config`, `shutting_down`.
  static caf::expected<controller> attach(supervisor& sup,
                                          controller_config config = {});
  static caf::expected<controller> attach(supervisor_handle handle,
                                          controller_config config = {});

  /// Submits a task; waits for room in the command queue. The result means
  /// that the controller took the command, not how it decided. Errors:
  /// `invalid_config`, `controller_closed` after the shutdown began.
  pending<task_id> submit(prepared_submission x) const;

  /// Like `submit`, but `controller_full` instead of waiting for room.
  pending<task_id> try_submit(prepared_submission x) const;

  /// Like `submit`; `ended` resolves exactly once, with the outcome of the
  /// task or why it was rejected. When it resolves, slot and name are free.
  pending<watched_task> submit_and_watch(prepared_submission x) const;
  pending<watched_task> try_submit_and_watch(prepared_submission x) const;

  /// Draws the id now, for `submit` later.
  static prepared_submission prepare_submission(submission x) {
    return prepared_submission{std::move(x)};
  }

  /// As one step, stops the owner of a slot and takes out all that wait;
  /// resolves when the owner is gone. What is submitted later is not affected.
  /// Errors: `controller_closed`.
  pending<slot_cleared> cancel_slot(std::string key) const;

  /// Takes out all that wait in a slot. Errors: `controller_closed`.
  pending<slot_cleared> purge_slot(std::string key) const;

  /// The slots in use; empty after the shutdown.
  pending<controller_snapshot> snapshot() const;

  const controller_config& config() const noexcept;

  /// The same operations as messages, for CAF actors: `actors.hpp`. Does not
  /// keep the supervisor alive.
  admission_actor actor() const;

private:
  friend caf::expected<controller> controller_of(const supervisor_handle&);

  controller(supervisor_handle handle,
             std::shared_ptr<detail::controller_core> core);

  supervisor_handle handle_;
  std::shared_ptr<detail::controller_core> core_;
};

/// The controller of a supervisor; `controller_not_configured` if it has none.
caf::expected<controller> controller_of(const supervisor_handle& handle);

} // namespace taskvisor
