#pragma once

#include "taskvisor/events/event_publisher.hpp"
#include "taskvisor/events/task_info.hpp"
#include "taskvisor/supervisor/management.hpp"
#include "taskvisor/supervisor/pending.hpp"
#include "taskvisor/supervisor/run_result.hpp"
#include "taskvisor/supervisor/supervisor_config.hpp"
#include "taskvisor/supervisor/system_config.hpp"
#include "taskvisor/supervisor/task_context.hpp"
#include "taskvisor/supervisor/task_error.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace taskvisor {

namespace detail {
class admission_port;
class owner;
} // namespace detail

/// A task that was added, and the way to its outcome: dropping that is
/// harmless.
struct watched_task {
  task_id id;
  pending<outcome> ended;
};

/// Names a registered task by its id or its name.
struct task_ref {
  // NOLINTBEGIN(google-explicit-constructor)
  task_ref(task_id x) : id(x) {}
  task_ref(std::string x) : name(std::move(x)) {}
  task_ref(const char* x) : name(x) {}
  // NOLINTEND(google-explicit-constructor)

  task_id id;
  std::string name;
};

/// Manages a running supervisor. Cheap to copy; any thread. Every operation
/// gives a `pending`: block on it, `co_await` it, or have it sent to an actor.
/// After the shutdown every operation answers `shutting_down`, `list` is empty.
class supervisor_handle {
public:
  explicit supervisor_handle(std::shared_ptr<detail::owner> owner);

  /// Registers a task; waits for room in the command queue. The result means
  /// registered, the body may not have started. Errors: `invalid_config`,
  /// `task_already_exists`, `shutting_down`.
  pending<task_id> add(task_spec spec) const;

  /// Like `add`, but `command_queue_full` instead of waiting for room.
  pending<task_id> try_add(task_spec spec) const;

  /// Like `add`; `ended` resolves exactly once, when the name is free again.
  pending<watched_task> add_and_watch(task_spec spec) const;
  pending<watched_task> try_add_and_watch(task_spec spec) const;

  /// Asks a task to stop; it is aborted when the grace is over. The result
  /// says whether this call claimed it: false for an unknown task and for one
  /// that stops already. By id, or by name as it is when the command's turn
  /// comes.
  pending<bool> remove(const task_ref& which) const;
  pending<bool> try_remove(const task_ref& which) const;

  /// Like `remove`, but resolves when the task's cleanup is done. A task that
  /// cancels itself is answered at once, and ends as canceled.
  pending<bool> cancel(const task_ref& which) const;
  pending<bool> try_cancel(const task_ref& which) const;

  /// Like `cancel`; `termination_timeout` if the cleanup takes longer than
  /// `limit`. The stop stays in force.
  pending<bool> cancel_with_timeout(const task_ref& which,
                                    duration limit) const;
  pending<bool> try_cancel_with_timeout(const task_ref& which,
                                        duration limit) const;

  /// Everything registered, sorted by id, also what is stopping.
  pending<std::vector<task_info>> list() const;

  /// The names of the tasks whose attempt runs now, sorted; not those that
  /// wait for a permit, a backoff or an interval.
  pending<std::vector<std::string>> alive() const;
  pending<bool> is_alive(std::string name) const;

  /// Changes the number of attempts that run at the same time; 0 is no limit.
  /// Running attempts beyond a smaller limit go on.
  void set_max_concurrent(std::uint32_t limit) const;

  /// Begins the one shared shutdown, or joins it; `runtime_failed` if a part of
  /// the supervisor died before its end. A task that calls it gets `stopped` at
  /// once, and ends as canceled.
  pending<shutdown_report> shutdown() const;

  /// The same operations as messages, for CAF actors: `management.hpp`. Does
  /// not keep the supervisor alive.
  manager_actor actor() const;

  const supervisor_config& config() const noexcept;

  /// What a task inherits where its spec says nothing.
  const task_defaults& defaults() const noexcept { return config().defaults; }

private:
  friend class detail::admission_port;

  std::shared_ptr<detail::owner> owner_;
};

/// Runs tasks. Owns an actor system, or borrows the host's. When the last of
/// the supervisor and its handles goes, everything is stopped within the
/// grace; on an actor's thread the stop is only begun.
class supervisor {
public:
  /// With an actor system of its own, made by the first `run` or `serve`.
  explicit supervisor(supervisor_config config = {});

  /// In a host's actor system, whose configuration has taskvisor's types. Takes
  /// no signal unless `run` is called, prints nothing. The system must outlive
  /// the supervisor and its handles.
  explicit supervisor(caf::actor_system& system, supervisor_config config = {});

  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;
  ~supervisor();

  /// Where subscribers are attached, also before `run`.
  event_publisher& events() noexcept;
  std::shared_ptr<event_publisher> shared_events() noexcept;

  /// The actor system, which is made now if it is the supervisor's own and
  /// does not exist yet.
  caf::actor_system& system();

  /// Registers the batch, all or none, and blocks until no task is left, a
  /// signal (SIGINT, SIGTERM, SIGQUIT) stopped everything, or a handle shut
  /// down. Takes the signals while it runs and gives them back. Without tasks
  /// it returns at once: to stay up for tasks to come, use `serve`. Once per
  /// supervisor: then `already_running`, and `shutting_down` after a shutdown.
  run_result run(std::vector<task_spec> specs);

  /// Starts in the background and returns at once; takes no signal. The error
  /// is `invalid_config`.
  caf::expected<supervisor_handle> serve();

private:
  std::shared_ptr<detail::owner> owner_;
};

} // namespace taskvisor
