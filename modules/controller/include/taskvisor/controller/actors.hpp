/// The protocol of the controller module: who says what, and what it means.
/// Messages marked *local* carry closures and stay in one process.
#pragma once

#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/controller/slot_view.hpp"
#include "taskvisor/controller/submission.hpp"
#include "taskvisor/controller/type_ids.hpp"
#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/system_config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace taskvisor {

namespace detail {
struct clear_request;
struct snapshot_request;
struct submission_record;
} // namespace detail

// -- from CAF actors: the operations of `controller` as messages to its
// -- `actor()`; an error reply is a `caf::error` with a `taskvisor::errc`

/// Submits a task; the reply means that the controller took the command.
/// *Local:* carries the body.
struct submit_task {
  submit_task() = default; // CAF 0.17 wants one; refused when it arrives
  explicit submit_task(submission x) : what(std::move(x)) {}

  std::optional<submission> what;
};

/// Like `submit_task`; after the reply the sender gets one `task_outcome`.
/// *Local.*
struct watch_submission {
  watch_submission() = default;
  explicit watch_submission(submission x) : what(std::move(x)) {}

  std::optional<submission> what;
};

/// As one step, stops the owner of a slot and takes out all that wait;
/// answered when the owner is gone.
struct cancel_slot {
  std::string key;

  static constexpr auto wire_name = "taskvisor::cancel_slot";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"key", &cancel_slot::key}};
  }
};

/// Takes out all that wait in a slot.
struct purge_slot {
  std::string key;

  static constexpr auto wire_name = "taskvisor::purge_slot";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"key", &purge_slot::key}};
  }
};

/// Asks for the slots in use.
struct list_slots {
  static constexpr auto wire_name = "taskvisor::list_slots";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// The part of a controller that its clients see.
using admission_actor = caf::typed_actor<
  detail::sig<task_id(submit_task)>, detail::sig<task_id(watch_submission)>,
  detail::sig<slot_cleared(cancel_slot)>, detail::sig<slot_cleared(purge_slot)>,
  detail::sig<controller_snapshot(list_slots)>>;

// -- inside: the answers of the registry are urgent, they overtake commands ---

/// From handles, with room in the command queue: admit it by its policy.
/// *Local.*
struct admit_task {
  std::shared_ptr<detail::submission_record> record;
};

/// From handles, with room in the command queue: purge one slot, or cancel it.
/// *Local.*
struct clear_slot {
  std::shared_ptr<detail::clear_request> request;
};

/// From handles, then from shard to shard: write down your slots. *Local.*
struct read_slots {
  std::shared_ptr<detail::snapshot_request> request;
};

/// From the registry's thread: whether what was handed over is registered.
struct add_decided {
  task_id id;
  bool added = false;

  static constexpr auto wire_name = "taskvisor::add_decided";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &add_decided::id},
                      detail::wire_field{"added", &add_decided::added}};
  }
};

/// From the registry's thread: what was registered is gone, its name is free.
struct owner_ended {
  task_id id;

  static constexpr auto wire_name = "taskvisor::owner_ended";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &owner_ended::id}};
  }
};

/// From the registry's thread: the owner was told to stop, or could not be.
struct removal_ordered {
  task_id id;
  bool failed = false;

  static constexpr auto wire_name = "taskvisor::removal_ordered";
  static constexpr auto wire_fields() {
    return std::tuple{detail::wire_field{"id", &removal_ordered::id},
                      detail::wire_field{"failed", &removal_ordered::failed}};
  }
};

/// From the controller to itself, behind all commands it got before it closed:
/// quit.
struct controller_drained {
  static constexpr auto wire_name = "taskvisor::controller_drained";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// One shard of the slots. `stop_tasks` and `close_layer` come from the
/// supervisor, `wake` from its timers, `deliver_reply` from itself.
using controller_actor = admission_actor::extend<
  detail::sig<void(admit_task)>, detail::sig<void(clear_slot)>,
  detail::sig<void(read_slots)>, detail::sig<void(add_decided)>,
  detail::sig<void(owner_ended)>, detail::sig<void(removal_ordered)>,
  detail::sig<void(controller_drained)>, detail::sig<void(stop_tasks)>,
  detail::sig<void(close_layer)>, detail::sig<void(deliver_reply)>,
  detail::sig<void(wake)>>;

} // namespace taskvisor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::submit_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::watch_submission)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::admit_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::clear_slot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::read_slots)

namespace taskvisor::detail {

/// Whoever includes this module has its types registered by `init_types`.
inline const bool controller_types_known = add_type_block({
  &init_type_blocks<caf::id_block::taskvisor_controller>,
  &add_type_blocks<caf::id_block::taskvisor_controller>,
});

} // namespace taskvisor::detail
