// The controller's answers to CAF actors: each is an operation of the handle,
// and its reply.

#include "controller_state.hpp"
#include "operations.hpp"

#include "taskvisor/supervisor/detail/reply_with.hpp"
#include "taskvisor/supervisor/detail/watch.hpp"
#include "taskvisor/supervisor/management.hpp"

#include <utility>

namespace taskvisor::detail {

template <class T>
caf::result<T> controller_state::reply(pending<T> answer) {
  return reply_with(*this, controller_actor{this}, std::move(answer));
}

pending<task_id> controller_state::submit(std::optional<submission> what,
                                          outcome_sink watcher) {
  if (!what)
    return pending<task_id>::resolved(
      make_error(config_error{"what", "none", "must be given"}));
  auto core = setup_.core.lock();
  if (!core)
    return pending<task_id>::resolved(closed_error());
  prepared_submission ready{std::move(*what)};
  return add_by(ready.id(), [&](decision_sink answer) {
    submit_to(setup_.port, *core, std::move(ready), std::move(watcher),
              std::move(answer), when_full::wait);
  });
}

caf::result<task_id> controller_state::on_submit_task(submit_task& x) {
  return reply(submit(std::move(x.what), nullptr));
}

caf::result<task_id> controller_state::on_watch_submission(
  watch_submission& x) {
  promise_of<outcome> ended;
  auto taken = submit(std::move(x.what), [ended](const outcome& result) {
    ended.resolve(result);
  });
  // From whoever brings the outcome, which may come after this actor's end,
  // but behind the reply.
  auto then = [to = current_sender(),
               waiter = ended.get_pending()](task_id id) {
    auto copy = waiter;
    std::move(copy).then_call([to, id](const caf::expected<outcome>& result) {
      if (to && result)
        post_shared(to, caf::make_message(task_outcome{id, *result}));
    });
  };
  return reply_with(*this, controller_actor{this}, std::move(taken), then);
}

caf::result<slot_cleared> controller_state::on_clear_request(std::string& key,
                                                             bool stop_owner) {
  if (auto core = setup_.core.lock())
    return reply(clear_in(*core, std::move(key), stop_owner));
  return reply(pending<slot_cleared>::resolved(closed_error()));
}

caf::result<controller_snapshot> controller_state::on_list_slots() {
  if (auto core = setup_.core.lock())
    return reply(snapshot_of(*core));
  return reply(pending<controller_snapshot>::resolved(controller_snapshot{}));
}

} // namespace taskvisor::detail
