#pragma once

#include "controller_core.hpp"

#include "taskvisor/controller/submission.hpp"
#include "taskvisor/supervisor/detail/admission_port.hpp"
#include "taskvisor/supervisor/pending.hpp"

#include <string>

namespace taskvisor::detail {

/// Whether a command waits for a place in the queue or is refused without one.
enum class when_full : std::uint8_t { wait, refuse };

/// The operations of a controller, for handles and for its own actor. Any
/// thread.
pending<task_id> submit_to(const admission_port& port,
                           const controller_core& core,
                           prepared_submission what, outcome_sink watcher,
                           when_full full);

pending<slot_cleared> clear_in(const controller_core& core, std::string key,
                               bool stop_owner);

pending<controller_snapshot> snapshot_of(const controller_core& core);

} // namespace taskvisor::detail
