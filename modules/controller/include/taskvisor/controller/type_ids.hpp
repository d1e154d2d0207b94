#pragma once

#include "taskvisor/supervisor/type_ids.hpp"

#include <vector>

namespace taskvisor {

enum class admission_policy : std::uint8_t;
enum class slot_status : std::uint8_t;
struct add_decided;
struct admit_task;
struct cancel_slot;
struct clear_slot;
struct controller_drained;
struct controller_snapshot;
struct list_slots;
struct owner_ended;
struct purge_slot;
struct read_slots;
struct removal_ordered;
struct slot_cleared;
struct slot_view;
struct submit_task;
struct watch_submission;

} // namespace taskvisor

CAF_BEGIN_TYPE_ID_BLOCK(taskvisor_controller,
                        caf::id_block::taskvisor_supervisor::end)
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::admission_policy))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::slot_status))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::slot_view))
  CAF_ADD_TYPE_ID(taskvisor_controller, (std::vector<taskvisor::slot_view>))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::controller_snapshot))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::slot_cleared))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::add_decided))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::admit_task))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::cancel_slot))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::clear_slot))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::controller_drained))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::list_slots))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::owner_ended))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::purge_slot))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::read_slots))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::removal_ordered))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::submit_task))
  CAF_ADD_TYPE_ID(taskvisor_controller, (taskvisor::watch_submission))
CAF_END_TYPE_ID_BLOCK(taskvisor_controller)
