#pragma once

#include "taskvisor/supervisor/detail/requests.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <utility>

namespace taskvisor::detail {

/// Submits a task with a way to its outcome: `start(outcome_sink)` gives the
/// pending id.
template <class Start>
pending<watched_task> watch_by(Start start) {
  promise_of<outcome> ended;
  promise_of<watched_task> promise;
  pending<task_id> taken =
    start(outcome_sink{[ended](const outcome& x) { ended.resolve(x); }});
  std::move(taken).then_call(
    [promise, waiter = ended.get_pending()](caf::expected<task_id> x) {
      if (x)
        promise.resolve(watched_task{*x, waiter});
      else
        promise.resolve(std::move(x.error()));
    });
  return promise.get_pending();
}

} // namespace taskvisor::detail
