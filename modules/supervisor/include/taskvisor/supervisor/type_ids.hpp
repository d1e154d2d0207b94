#pragma once

#include "taskvisor/events/type_ids.hpp"

namespace taskvisor {

struct abort_task;
struct abort_tasks;
struct add_task;
struct add_tasks;
struct arm_timer;
struct attempt_stuck;
struct cancel_task;
struct child_ended;
struct close_layer;
struct close_registry;
struct deliver_reply;
struct disarm_timer;
struct drain_tasks;
struct list_tasks;
struct os_signal;
struct permit_granted;
struct permit_returned;
struct permit_wanted;
struct read_tasks;
struct registry_empty;
struct remove_task;
struct request_run;
struct request_shutdown;
struct resize_permits;
struct retire_task;
struct set_concurrency;
struct shut_down;
struct shutdown_report;
struct signal_arrived;
struct start_task;
struct stop_task;
struct stop_tasks;
struct task_ended;
struct task_outcome;
struct tasks_drained;
struct timer_tick;
struct wake;
struct watch_task;
struct work_released;

} // namespace taskvisor

CAF_BEGIN_TYPE_ID_BLOCK(taskvisor_supervisor,
                        caf::id_block::taskvisor_events::end)
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::abort_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::abort_tasks))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::add_tasks))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::arm_timer))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::attempt_stuck))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::child_ended))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::close_layer))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::close_registry))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::disarm_timer))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::drain_tasks))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::os_signal))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::permit_granted))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::permit_returned))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::permit_wanted))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::read_tasks))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::registry_empty))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::request_run))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::request_shutdown))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::resize_permits))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::retire_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::signal_arrived))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::start_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::stop_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::stop_tasks))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::task_ended))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::tasks_drained))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::timer_tick))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::wake))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::work_released))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::add_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::watch_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::task_outcome))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::remove_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::cancel_task))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::list_tasks))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::set_concurrency))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::shut_down))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::shutdown_report))
  CAF_ADD_TYPE_ID(taskvisor_supervisor, (taskvisor::deliver_reply))
CAF_END_TYPE_ID_BLOCK(taskvisor_supervisor)
