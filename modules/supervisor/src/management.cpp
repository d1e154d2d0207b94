#include "management.hpp"

#include "caller.hpp"

#include <utility>

namespace taskvisor::detail {

namespace {

/// Sends a command that bears a credit; `refuse` gets the error instead.
template <class Command, class Send, class Refuse>
void pass_gate(const std::shared_ptr<runtime>& env,
               std::shared_ptr<Command> command, Send send, Refuse refuse,
               when_full full) {
  command_gate::command entry{[env, command, send](command_credit credit) {
                                command->credit = std::move(credit);
                                send(*env, command);
                              },
                              std::move(refuse)};
  if (full == when_full::wait)
    env->gate->enter(std::move(entry));
  else
    env->gate->try_enter(std::move(entry));
}

} // namespace

pending<task_id> add_to(const std::shared_ptr<runtime>& env, task_id id,
                        task_spec spec, outcome_sink watcher, when_full full) {
  if (auto refused = spec.validate())
    return pending<task_id>::resolved(make_error(*refused));
  promise_of<task_id> promise;
  auto batch = std::make_shared<admission>();
  batch->items.push_back({id, std::move(spec), std::move(watcher)});
  batch->decided = [promise, id](const caf::error& err) {
    if (err)
      promise.resolve(err);
    else
      promise.resolve(id);
  };
  pass_gate(
    env, batch,
    [](const runtime& to, std::shared_ptr<admission> x) {
      to.publish_add_requested(x->items.front());
      post(to.registry, add_tasks{std::move(x)});
    },
    batch->decided, full);
  return promise.get_pending();
}

pending<bool> stop_in(const std::shared_ptr<runtime>& env,
                      std::shared_ptr<stop_request> request, when_full full) {
  if (this_caller().is(*request))
    request->how = stop_request::mode::remove;
  promise_of<bool> promise;
  request->done = [promise](caf::expected<bool> x) {
    promise.resolve(std::move(x));
  };
  pass_gate(
    env, request,
    [](const runtime& to, std::shared_ptr<stop_request> x) {
      to.send_stop(std::move(x));
    },
    [promise](caf::error err) { promise.resolve(std::move(err)); }, full);
  return promise.get_pending();
}

std::shared_ptr<stop_request> stop_of(stop_request::mode how, task_id id,
                                      std::string name,
                                      std::optional<duration> limit) {
  auto result = std::make_shared<stop_request>();
  result->how = how;
  result->id = id;
  result->name = std::move(name);
  result->limit = limit.value_or(duration{-1});
  return result;
}

pending<std::vector<task_info>> list_of(const runtime& env) {
  promise_of<std::vector<task_info>> promise;
  auto request = std::make_shared<read_request>();
  request->done = [promise](state_snapshot x) {
    promise.resolve(std::move(x.tasks));
  };
  if (env.closed)
    request->done({});
  else
    post_urgent(env.registry, read_tasks{std::move(request)});
  return promise.get_pending();
}

void send_state(const runtime& env, caf::strong_actor_ptr to) {
  auto request = std::make_shared<read_request>();
  request->at_rest = true;
  request->done = [to = std::move(to)](state_snapshot x) {
    post_shared(to, caf::make_message(std::move(x)));
  };
  post_urgent(env.registry, read_tasks{std::move(request)});
}

pending<shutdown_report> request_shutdown_of(const runtime& env,
                                             bool requested) {
  promise_of<shutdown_report> promise;
  auto request = std::make_shared<shutdown_request>();
  request->requested = requested;
  request->from_task = this_caller().belongs_to(env);
  request->done = [promise](caf::expected<shutdown_report> x) {
    promise.resolve(std::move(x));
  };
  post_urgent(env.supervisor, request_shutdown{std::move(request)});
  return promise.get_pending();
}

} // namespace taskvisor::detail
