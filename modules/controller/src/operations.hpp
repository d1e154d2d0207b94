#pragma once

#include "controller_core.hpp"

#include "taskvisor/controller/submission.hpp"
#include "taskvisor/supervisor/detail/admission_port.hpp"
#include "taskvisor/supervisor/pending.hpp"

#include <string>

namespace taskvisor::detail {

/// The operations of a controller, for handles and for its own actor. Any
/// thread.
void submit_to(const admission_port& port, const controller_core& core,
               prepared_submission what, outcome_sink watcher,
               decision_sink answer, when_full full);

pending<slot_cleared> clear_in(const controller_core& core, std::string key,
                               bool stop_owner);

pending<controller_snapshot> snapshot_of(const controller_core& core);

} // namespace taskvisor::detail
