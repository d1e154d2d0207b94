// The supervisor's answers to CAF actors: each is an operation of the handle,
// and its reply.

#include "management.hpp"

#include "taskvisor/supervisor/detail/reply_with.hpp"
#include "taskvisor/supervisor/detail/watch.hpp"

#include <utility>

namespace taskvisor::detail {

template <class T>
caf::result<T> supervisor_state::reply(pending<T> answer) {
  return reply_with(*this, supervisor_actor{this}, std::move(answer));
}

caf::result<task_id> supervisor_state::on_add_task(add_task& x) {
  return reply(add(task_id::next(), std::move(x.spec), nullptr));
}

pending<task_id> supervisor_state::add(task_id id,
                                       std::optional<task_spec> spec,
                                       outcome_sink watcher) {
  if (!spec)
    return pending<task_id>::resolved(
      make_error(config_error{"spec", "none", "must be given"}));
  return add_by(id, [&](decision_sink answer) {
    add_to(env_, id, std::move(*spec), std::move(watcher), std::move(answer),
           when_full::wait);
  });
}

caf::result<task_id> supervisor_state::on_watch_task(watch_task& x) {
  auto id = task_id::next();
  // Through here, so that it comes behind the reply.
  auto watcher = [to = current_sender(), id,
                  back = supervisor_actor{this}](const outcome& result) {
    post(back, deliver_reply{[to, id, result] {
           if (to)
             post_shared(to, caf::make_message(task_outcome{id, result}));
         }});
  };
  return reply(add(id, std::move(x.spec), std::move(watcher)));
}

caf::result<bool> supervisor_state::on_remove_task(remove_task& x) {
  return reply(
    stop_in(env_, stop_of(stop_request::mode::remove, x.id, std::move(x.name)),
            when_full::wait));
}

caf::result<bool> supervisor_state::on_cancel_task(cancel_task& x) {
  return reply(stop_in(
    env_, stop_of(stop_request::mode::cancel, x.id, std::move(x.name), x.limit),
    when_full::wait));
}

caf::result<std::vector<task_info>> supervisor_state::on_list_tasks() {
  return reply(list_of(*env_));
}

caf::result<shutdown_report> supervisor_state::on_shut_down() {
  return reply(request_shutdown_of(*env_, true));
}

} // namespace taskvisor::detail
