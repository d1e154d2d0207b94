#pragma once

#include "taskvisor/supervisor/detail/requests.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <utility>

namespace taskvisor::detail {

/// Adds or submits a task: `start(id_sink)`.
template <class Start>
pending<task_id> add_by(Start start) {
  promise_of<task_id> promise;
  start(id_sink{
    [promise](caf::expected<task_id> x) { promise.resolve(std::move(x)); }});
  return promise.get_pending();
}

/// The same with a way to its outcome: `start(outcome_sink, id_sink)`.
template <class Start>
pending<watched_task> watch_by(Start start) {
  promise_of<outcome> ended;
  promise_of<watched_task> promise;
  start(outcome_sink{[ended](const outcome& x) { ended.resolve(x); }},
        id_sink{[promise, waiter = ended.get_pending()](
                  const caf::expected<task_id>& x) {
          if (x)
            promise.resolve(watched_task{*x, waiter});
          else
            promise.resolve(x.error());
        }});
  return promise.get_pending();
}

} // namespace taskvisor::detail
