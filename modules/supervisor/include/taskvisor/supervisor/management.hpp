/// What CAF actors say to a supervisor: the operations of `supervisor_handle`
/// as messages to `handle.actor()`, each with its reply. An error reply is a
/// `caf::error` with a `taskvisor::errc`.
///
///     tv::ask(self, handle.actor(), tv::remove_task{{}, "poll"})
///       .then([](bool claimed) { ... });
#pragma once

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/run_result.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace taskvisor {

/// Registers a task; the reply means registered. *Local:* carries the body.
struct add_task {
  add_task() = default; // CAF 0.17 wants one; refused when it arrives
  explicit add_task(task_spec x) : spec(std::move(x)) {}

  std::optional<task_spec> spec;
};

/// Like `add_task`; after the reply the sender gets one `task_outcome`.
/// *Local.*
struct watch_task {
  watch_task() = default;
  explicit watch_task(task_spec x) : spec(std::move(x)) {}

  std::optional<task_spec> spec;
};

/// To the sender of `watch_task`: how the task ended, its name is free.
struct task_outcome {
  task_id id;
  outcome result;

  static constexpr auto wire_name = "taskvisor::task_outcome";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &task_outcome::id},
                      detail::wire_field{"result", &task_outcome::result}};
  }
};

/// Asks a task to stop, by id, or by name if that is empty. The reply says
/// whether this message claimed it.
struct remove_task {
  task_id id;
  std::string name;

  static constexpr auto wire_name = "taskvisor::remove_task";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &remove_task::id},
                      detail::wire_field{"name", &remove_task::name}};
  }
};

/// Like `remove_task`, but answered after the task's cleanup, or with
/// `termination_timeout` after `limit`.
struct cancel_task {
  task_id id;
  std::string name;
  std::optional<duration> limit;

  static constexpr auto wire_name = "taskvisor::cancel_task";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &cancel_task::id},
                      detail::wire_field{"name", &cancel_task::name},
                      detail::wire_field{"limit", &cancel_task::limit}};
  }
};

/// Asks for everything registered, sorted by id.
struct list_tasks {
  static constexpr auto wire_name = "taskvisor::list_tasks";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// Changes the concurrency limit; 0 is none.
struct set_concurrency {
  std::uint32_t limit = 0;

  static constexpr auto wire_name = "taskvisor::set_concurrency";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"limit", &set_concurrency::limit}};
  }
};

/// Begins the shared shutdown or joins it; answered when it is over.
struct shut_down {
  static constexpr auto wire_name = "taskvisor::shut_down";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// A CAF request without a timeout, spelled the same on every CAF.
using detail::ask;

/// The part of a supervisor that its clients see.
using manager_actor = caf::typed_actor<
  detail::sig<task_id(add_task)>, detail::sig<task_id(watch_task)>,
  detail::sig<bool(remove_task)>, detail::sig<bool(cancel_task)>,
  detail::sig<std::vector<task_info>(list_tasks)>,
  detail::sig<void(set_concurrency)>, detail::sig<shutdown_report(shut_down)>>;

/// All of it.
using supervisor_actor = manager_actor::extend<
  detail::sig<void(request_run)>, detail::sig<void(request_shutdown)>,
  detail::sig<void(signal_arrived)>, detail::sig<void(registry_empty)>,
  detail::sig<void(tasks_drained)>, detail::sig<void(child_ended)>,
  detail::sig<void(deliver_reply)>, detail::sig<void(wake)>>;

} // namespace taskvisor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::add_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::watch_task)
