#pragma once

#include "supervisor_state.hpp"

#include "taskvisor/supervisor/pending.hpp"

#include <memory>
#include <vector>

namespace taskvisor::detail {

/// The operations of a supervisor, for handles and for its own actor. Any
/// thread.
void add_to(const std::shared_ptr<runtime>& env, task_id id, task_spec spec,
            outcome_sink watcher, decision_sink answer, when_full full);

/// A task that stops itself is answered at the claim: it cannot wait for its
/// own end.
pending<bool> stop_in(const std::shared_ptr<runtime>& env, stop_request request,
                      when_full full);

stop_request stop_of(stop_request::mode how, task_id id, std::string name,
                     std::optional<duration> limit = {});

pending<std::vector<task_info>> list_of(const runtime& env);

/// Sends a `state_snapshot`, at its place among the events.
void send_state(const runtime& env, caf::strong_actor_ptr to);

/// Begins or joins the shared shutdown. A task of the supervisor itself gets
/// `stopped` as soon as it was told to stop.
pending<shutdown_report> request_shutdown_of(const runtime& env,
                                             bool requested);

} // namespace taskvisor::detail
