/// The protocol of the controller module: who says what, and what it means.
/// The answers of the registry are urgent: they overtake submissions.
/// Messages marked *local* carry closures and stay in one process.
#pragma once

#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/controller/slot_view.hpp"
#include "taskvisor/controller/type_ids.hpp"
#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/system_config.hpp"

#include <memory>

namespace taskvisor {

namespace detail {
struct clear_request;
struct snapshot_request;
struct submission_record;
} // namespace detail

/// From handles, with room in the command queue: admit it by its policy.
/// *Local.*
struct submit_task {
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
/// supervisor, `wake` from its timers.
using controller_actor = caf::typed_actor<
  detail::sig<void(submit_task)>, detail::sig<void(clear_slot)>,
  detail::sig<void(read_slots)>, detail::sig<void(add_decided)>,
  detail::sig<void(owner_ended)>, detail::sig<void(removal_ordered)>,
  detail::sig<void(controller_drained)>, detail::sig<void(stop_tasks)>,
  detail::sig<void(close_layer)>, detail::sig<void(wake)>>;

} // namespace taskvisor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::submit_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::clear_slot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(taskvisor::read_slots)

namespace taskvisor::detail {

/// Whoever includes this module has its types registered by `init_types`.
inline const bool controller_types_known = add_type_block({
  &init_type_blocks<caf::id_block::taskvisor_controller>,
  &add_type_blocks<caf::id_block::taskvisor_controller>,
});

} // namespace taskvisor::detail
