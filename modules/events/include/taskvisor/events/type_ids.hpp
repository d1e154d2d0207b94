#pragma once

#include <caf/type_id.hpp>

#include <cstdint>
#include <vector>

namespace taskvisor {

class task_id;
enum class backoff_source : std::uint8_t;
enum class body_kind : std::uint8_t;
enum class errc : std::uint8_t;
enum class event_kind : std::uint8_t;
enum class outcome_kind : std::uint8_t;
enum class rejection : std::uint8_t;
enum class task_state : std::uint8_t;
struct close_sink;
struct event;
struct outcome;
struct refresh_state;
struct state_snapshot;
struct task_info;

} // namespace taskvisor

/// First of taskvisor's type ids: a host with ids of its own sets it, the same
/// for all of its code, to a number past its own (CMake variable
/// TASKVISOR_FIRST_TYPE_ID). Ids are only ever appended.
#ifndef TASKVISOR_FIRST_TYPE_ID
#  define TASKVISOR_FIRST_TYPE_ID caf::first_custom_type_id
#endif

CAF_BEGIN_TYPE_ID_BLOCK(taskvisor_events, TASKVISOR_FIRST_TYPE_ID)
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::errc))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::task_id))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::outcome_kind))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::rejection))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::outcome))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::event_kind))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::backoff_source))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::event))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::close_sink))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::body_kind))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::task_state))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::task_info))
  CAF_ADD_TYPE_ID(taskvisor_events, (std::vector<taskvisor::task_info>))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::state_snapshot))
  CAF_ADD_TYPE_ID(taskvisor_events, (taskvisor::refresh_state))
CAF_END_TYPE_ID_BLOCK(taskvisor_events)
