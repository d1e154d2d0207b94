/// The protocols of the supervisor module: who says what to whom, and what a
/// reply confirms. Reading this file is reading the architecture.
///
/// One-way messages have no sender: in CAF an error result of a message with a
/// sender terminates that sender. Messages marked *local* carry closures and
/// stay in one process.
#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/task_info.hpp"
#include "taskvisor/supervisor/type_ids.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace taskvisor {

namespace detail {
struct admission;
struct read_request;
struct run_request;
struct shutdown_request;
struct stop_request;
struct task_record;
} // namespace detail

// -- any actor that asked for a deadline --------------------------------------

/// From the timers, or from whoever completes a wait: the wait named by `key`
/// is over. A stale key is ignored.
struct wake {
  std::uint64_t key = 0;
  std::uint32_t slot = 0;

  static constexpr auto wire_name = "taskvisor::wake";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"key", &wake::key},
                      detail::wire_field{"slot", &wake::slot}};
  }
};

// -- timers: every pending deadline of one supervisor -------------------------

/// From task, registry, controller, supervisor: post `wake{key, slot}` to
/// `who` at `due`, in nanoseconds of the actor clock.
struct arm_timer {
  std::int64_t due = 0;
  std::uint64_t key = 0;
  std::uint32_t slot = 0;
  caf::strong_actor_ptr who;

  static constexpr auto wire_name = "taskvisor::arm_timer";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"due", &arm_timer::due},
                      detail::wire_field{"key", &arm_timer::key},
                      detail::wire_field{"slot", &arm_timer::slot},
                      detail::wire_field{"who", &arm_timer::who}};
  }
};

/// From whoever armed it: the wait is over. A wake on its way still arrives.
struct disarm_timer {
  std::uint64_t key = 0;

  static constexpr auto wire_name = "taskvisor::disarm_timer";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"key", &disarm_timer::key}};
  }
};

/// From CAF's clock: the earliest deadline may be due. Only the newest
/// generation is in force.
struct timer_tick {
  std::uint64_t generation = 0;

  static constexpr auto wire_name = "taskvisor::timer_tick";
  static constexpr auto wire_fields() {
    return std::tuple{
      detail::wire_field{"generation", &timer_tick::generation}};
  }
};

using timers_actor = caf::typed_actor<detail::sig<void(arm_timer)>,
                                      detail::sig<void(disarm_timer)>,
                                      detail::sig<void(timer_tick)>>;

// -- task: one registered task, all its attempts ------------------------------

/// From the registry: become this task and begin its first attempt. *Local.*
struct start_task {
  std::shared_ptr<detail::task_record> record;
};

/// From the registry: remove, cancel or shutdown. Ask the attempt to stop, end
/// waits, start nothing more. Idempotent.
struct stop_task {
  task_id id;

  static constexpr auto wire_name = "taskvisor::stop_task";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &stop_task::id}};
  }
};

/// From the registry, when the grace is over: destroy the attempt where it is
/// suspended. The registry sees for itself what does not give way.
struct abort_task {
  task_id id;

  static constexpr auto wire_name = "taskvisor::abort_task";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &abort_task::id}};
  }
};

/// From the registry: the permit that this task asked for.
struct permit_granted {
  task_id id;

  static constexpr auto wire_name = "taskvisor::permit_granted";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &permit_granted::id}};
  }
};

/// From the registry: no further task will come, quit.
struct retire_task {
  static constexpr auto wire_name = "taskvisor::retire_task";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

using task_actor =
  caf::typed_actor<detail::sig<void(start_task)>, detail::sig<void(stop_task)>,
                   detail::sig<void(abort_task)>,
                   detail::sig<void(permit_granted)>,
                   detail::sig<void(retire_task)>, detail::sig<void(wake)>>;

// -- registry: the only truth about membership --------------------------------

/// From handles, controller, supervisor: register all or none. The decision
/// goes back through the admission itself. *Local.*
struct add_tasks {
  std::shared_ptr<detail::admission> batch;
};

/// From handles and controller: claim one task and stop it. *Local.*
struct stop_tasks {
  std::shared_ptr<detail::stop_request> request;
};

/// From handles: what is registered now. *Local.*
struct read_tasks {
  std::shared_ptr<detail::read_request> request;
};

/// From a task, after its frame and closure are gone: how it ended. The task
/// actor is idle afterwards and may be started again.
struct task_ended {
  task_id id;
  outcome result;

  static constexpr auto wire_name = "taskvisor::task_ended";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &task_ended::id},
                      detail::wire_field{"result", &task_ended::result}};
  }
};

/// From a task: its attempt ignored its timeout and the force; `task_ended`
/// or the next attempt comes when it returns after all.
struct attempt_stuck {
  task_id id;

  static constexpr auto wire_name = "taskvisor::attempt_stuck";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &attempt_stuck::id}};
  }
};

/// From a task: wants to run an attempt under a concurrency limit. Answered in
/// order by `permit_granted`.
struct permit_wanted {
  task_id id;

  static constexpr auto wire_name = "taskvisor::permit_wanted";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &permit_wanted::id}};
  }
};

/// From a task: the attempt is over, or the permit came too late to be used.
struct permit_returned {
  task_id id;

  static constexpr auto wire_name = "taskvisor::permit_returned";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &permit_returned::id}};
  }
};

/// From handles: the concurrency limit is now this; 0 is no limit.
struct resize_permits {
  std::uint32_t limit = 0;

  static constexpr auto wire_name = "taskvisor::resize_permits";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"limit", &resize_permits::limit}};
  }
};

/// From the supervisor, behind every command that was admitted: stop all tasks
/// and answer `tasks_drained` when none is left.
struct drain_tasks {
  static constexpr auto wire_name = "taskvisor::drain_tasks";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// From the supervisor, at the deadline: abort what is left.
struct abort_tasks {
  static constexpr auto wire_name = "taskvisor::abort_tasks";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// From a layer before the registry: it holds no more work, so this may be the
/// natural end.
struct work_released {
  static constexpr auto wire_name = "taskvisor::work_released";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// From the supervisor, last: resolve what is left as it is, and quit.
struct close_registry {
  static constexpr auto wire_name = "taskvisor::close_registry";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

using registry_actor = caf::typed_actor<
  detail::sig<void(add_tasks)>, detail::sig<void(stop_tasks)>,
  detail::sig<void(read_tasks)>, detail::sig<void(task_ended)>,
  detail::sig<void(attempt_stuck)>, detail::sig<void(permit_wanted)>,
  detail::sig<void(permit_returned)>, detail::sig<void(resize_permits)>,
  detail::sig<void(drain_tasks)>, detail::sig<void(abort_tasks)>,
  detail::sig<void(work_released)>, detail::sig<void(close_registry)>,
  detail::sig<void(wake)>>;

// -- a layer before the registry: the controller ------------------------------

/// From the supervisor, when the shutdown begins: refuse what waits, answer,
/// and quit.
struct close_layer {
  static constexpr auto wire_name = "taskvisor::close_layer";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// What the supervisor tells such a layer. `stop_tasks` comes from handles, by
/// id only: the layer takes what waits in it, and passes on the rest.
using admission_layer_actor = caf::typed_actor<detail::sig<void(stop_tasks)>,
                                               detail::sig<void(close_layer)>>;

// -- supervisor: one tree node; what clients say to it is in management.hpp
// ----

/// From `run`: register the batch, then answer when nothing is left or the
/// shutdown is over. *Local.*
struct request_run {
  std::shared_ptr<detail::run_request> request;
};

/// From handles and owners: join or begin the shared shutdown. *Local.*
struct request_shutdown {
  std::shared_ptr<detail::shutdown_request> request;
};

/// From the thread that takes the signals: this number came.
struct os_signal {
  std::int32_t number = 0;

  static constexpr auto wire_name = "taskvisor::os_signal";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"number", &os_signal::number}};
  }
};

/// One a process while `run` takes signals: turns them into wishes.
using signal_monitor_actor = caf::typed_actor<detail::sig<void(os_signal)>>;

/// From the signal monitor: what the operator wants, by D-9.
struct signal_arrived {
  /// A number of `detail::signal_action`.
  std::uint8_t action = 0;

  static constexpr auto wire_name = "taskvisor::signal_arrived";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"action", &signal_arrived::action}};
  }
};

/// From the registry: no task is left at this moment.
struct registry_empty {
  static constexpr auto wire_name = "taskvisor::registry_empty";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// From the supervision link to the registry or the timers: it ended.
struct child_ended {
  std::string component;
  caf::error reason;

  static constexpr auto wire_name = "taskvisor::child_ended";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"component", &child_ended::component},
                      detail::wire_field{"reason", &child_ended::reason}};
  }
};

/// From the registry, answering `drain_tasks`: no task is left to wait for.
/// `aborted` missed the deadline, `left` did not even react to the force.
/// Not `clean`: some task actors did not come to run at all.
struct tasks_drained {
  std::vector<std::string> aborted;
  std::vector<task_info> left;
  bool clean = true;

  static constexpr auto wire_name = "taskvisor::tasks_drained";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"aborted", &tasks_drained::aborted},
                      detail::wire_field{"left", &tasks_drained::left},
                      detail::wire_field{"clean", &tasks_drained::clean}};
  }
};

/// From wherever an answer to an actor's request came up: hand it out in here,
/// as CAF's promises want it. *Local.*
struct deliver_reply {
  std::function<void()> deliver;
};

} // namespace taskvisor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::start_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::add_tasks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::stop_tasks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::read_tasks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::request_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::request_shutdown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::deliver_reply)
