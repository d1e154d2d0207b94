#pragma once

#include "taskvisor/supervisor/detail/requests.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <utility>

namespace taskvisor::detail {

/// Adds or submits the task `id`: `start(decision_sink)`.
template <class Start>
pending<task_id> add_by(task_id id, Start start) {
  promise_of<task_id> promise;
  start(decision_sink{[promise, id](const caf::error& refused) {
    if (refused)
      promise.resolve(refused);
    else
      promise.resolve(id);
  }});
  return promise.get_pending();
}

/// The same with a way to its outcome: `start(outcome_sink, decision_sink)`.
template <class Start>
pending<watched_task> watch_by(task_id id, Start start) {
  promise_of<outcome> ended;
  promise_of<watched_task> promise;
  start(outcome_sink{[ended](const outcome& x) { ended.resolve(x); }},
        decision_sink{[promise, id, waiter = ended.get_pending()](
                        const caf::error& refused) {
          if (refused)
            promise.resolve(refused);
          else
            promise.resolve(watched_task{id, waiter});
        }});
  return promise.get_pending();
}

} // namespace taskvisor::detail
