#include "management.hpp"

#include "caller.hpp"

#include <utility>

namespace taskvisor::detail {

void add_to(const std::shared_ptr<runtime>& env, task_id id, task_spec spec,
            outcome_sink watcher, decision_sink answer, when_full full) {
  if (auto refused = spec.validate()) {
    answer(make_error(*refused));
    return;
  }
  auto batch = make_admission<admission_of_one>(
    env, new_task{id, std::move(spec), std::move(watcher)});
  batch->decided = std::move(answer);
  env->gate->enter(std::move(batch), full);
}

pending<bool> stop_in(const std::shared_ptr<runtime>& env, stop_request request,
                      when_full full) {
  if (this_caller().is(request))
    request.how = stop_request::mode::remove;
  promise_of<bool> promise;
  request.done = [promise](caf::expected<bool> x) {
    promise.resolve(std::move(x));
  };
  env->gate->enter(
    make_gated<stop_request>(
      [env](std::shared_ptr<stop_request> x) { env->send_stop(std::move(x)); },
      [](stop_request& x, caf::error why) { x.done(std::move(why)); },
      std::move(request)),
    full);
  return promise.get_pending();
}

stop_request stop_of(stop_request::mode how, task_id id, std::string name,
                     std::optional<duration> limit) {
  stop_request result;
  result.how = how;
  result.id = id;
  result.name = std::move(name);
  result.limit = limit.value_or(duration{-1});
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
