#include "taskvisor/supervisor/supervisor.hpp"

#include "owner.hpp"
#include "signal_gate.hpp"
#include "signal_monitor_state.hpp"
#include "supervisor_state.hpp"

#include <fmt/format.h>

#include <utility>

namespace taskvisor {

using namespace detail;

// -- handle -------------------------------------------------------------------

namespace {

struct add_call {
  std::shared_ptr<runtime> env;
  task_spec spec;
  outcome_sink watcher;
  bool may_wait = true;
};

/// Sends one task to the registry; `done` gets the decision once.
template <class Done>
void send_add(add_call call, task_id id, Done done) {
  if (auto refused = call.spec.validate()) {
    done(make_error(*refused));
    return;
  }
  auto batch = std::make_shared<admission>();
  batch->items.push_back({id, std::move(call.spec), std::move(call.watcher)});
  batch->decided = done;
  command_gate::command command{
    [env = call.env, batch](command_gate::credit credit) {
      env->publish_add_requested(batch->items.front());
      batch->credit = std::move(credit);
      post(env->registry, add_tasks{batch});
    },
    [done](caf::error err) { done(std::move(err)); }};
  if (call.may_wait)
    call.env->gate->enter(std::move(command));
  else
    call.env->gate->try_enter(std::move(command));
}

pending<task_id> add_one(add_call call) {
  promise_of<task_id> promise;
  auto id = task_id::next();
  send_add(std::move(call), id, [promise, id](const caf::error& err) {
    if (err)
      promise.resolve(err);
    else
      promise.resolve(id);
  });
  return promise.get_pending();
}

pending<bool> send_stop(const std::shared_ptr<runtime>& env,
                        std::shared_ptr<stop_request> request) {
  promise_of<bool> promise;
  request->done = [promise](caf::expected<bool> x) {
    promise.resolve(std::move(x));
  };
  env->gate->enter(
    {[env, request](command_gate::credit credit) {
       request->credit = std::move(credit);
       env->send_stop(request);
     },
     [promise](caf::error err) { promise.resolve(std::move(err)); }});
  return promise.get_pending();
}

std::shared_ptr<stop_request> stop_of(stop_request::mode how, task_id id,
                                      std::string name, duration limit) {
  auto result = std::make_shared<stop_request>();
  result->how = how;
  result->id = id;
  result->name = std::move(name);
  result->limit = limit;
  return result;
}

constexpr duration no_limit{-1};

} // namespace

supervisor_handle::supervisor_handle(std::shared_ptr<owner> owner)
  : owner_(std::move(owner)) {}

pending<task_id> supervisor_handle::add(task_spec spec) const {
  return add_one({owner_->env(), std::move(spec), nullptr, true});
}

pending<task_id> supervisor_handle::try_add(task_spec spec) const {
  return add_one({owner_->env(), std::move(spec), nullptr, false});
}

pending<watched_task> supervisor_handle::add_and_watch(task_spec spec) const {
  promise_of<outcome> ended;
  promise_of<watched_task> promise;
  auto id = task_id::next();
  auto watcher = [ended](const outcome& x) { ended.resolve(x); };
  send_add({owner_->env(), std::move(spec), watcher, true}, id,
           [promise, id, waiter = ended.get_pending()](const caf::error& err) {
             if (err)
               promise.resolve(err);
             else
               promise.resolve(watched_task{id, waiter});
           });
  return promise.get_pending();
}

pending<bool> supervisor_handle::remove(task_id id) const {
  return send_stop(owner_->env(),
                   stop_of(stop_request::mode::remove, id, {}, no_limit));
}

pending<bool> supervisor_handle::remove(std::string name) const {
  return send_stop(owner_->env(), stop_of(stop_request::mode::remove, {},
                                          std::move(name), no_limit));
}

pending<bool> supervisor_handle::cancel(task_id id) const {
  return cancel_with_timeout(id, no_limit);
}

pending<bool> supervisor_handle::cancel(std::string name) const {
  return cancel_with_timeout(std::move(name), no_limit);
}

pending<bool> supervisor_handle::cancel_with_timeout(task_id id,
                                                     duration limit) const {
  return send_stop(owner_->env(),
                   stop_of(stop_request::mode::cancel, id, {}, limit));
}

pending<bool> supervisor_handle::cancel_with_timeout(std::string name,
                                                     duration limit) const {
  return send_stop(owner_->env(), stop_of(stop_request::mode::cancel, {},
                                          std::move(name), limit));
}

pending<std::vector<task_info>> supervisor_handle::list() const {
  const auto& env = owner_->env();
  promise_of<std::vector<task_info>> promise;
  auto request = std::make_shared<read_request>();
  request->done = [promise](std::vector<task_info> x) {
    promise.resolve(std::move(x));
  };
  if (env->closed)
    request->done({});
  else
    post_urgent(env->registry, read_tasks{std::move(request)});
  return promise.get_pending();
}

void supervisor_handle::set_max_concurrent(std::uint32_t limit) const {
  post(owner_->env()->registry, resize_permits{limit});
}

pending<shutdown_report> supervisor_handle::shutdown() const {
  return request_shutdown_of(*owner_->env(), true);
}

const supervisor_config& supervisor_handle::config() const noexcept {
  return owner_->config();
}

// -- supervisor ---------------------------------------------------------------

namespace {

/// The first spec that is out of bounds; the error names its task.
caf::error validate_all(const std::vector<task_spec>& specs) {
  for (const auto& spec : specs)
    if (auto refused = spec.validate())
      return make_error(
        errc::invalid_config,
        fmt::format("task '{}': {}", spec.name(), refused->text()));
  return {};
}

struct run_end {
  caf::error error;
  shutdown_report report;
};

pending<run_end> request_run_of(const runtime& env,
                                std::vector<task_spec> specs) {
  promise_of<run_end> promise;
  auto request = std::make_shared<run_request>();
  request->batch = std::make_shared<admission>();
  for (auto& spec : specs)
    request->batch->items.push_back({task_id::next(), std::move(spec), {}});
  request->done = [promise](const caf::error& err, const shutdown_report& x) {
    promise.resolve(run_end{err, x});
  };
  post(env.supervisor, request_run{std::move(request)});
  return promise.get_pending();
}

} // namespace

supervisor::supervisor(supervisor_config config)
  : owner_(std::make_shared<owner>(nullptr, config)) {}

supervisor::supervisor(caf::actor_system& system, supervisor_config config)
  : owner_(std::make_shared<owner>(&system, config)) {}

supervisor::~supervisor() = default;

event_publisher& supervisor::events() noexcept {
  return *owner_->publisher();
}

std::shared_ptr<event_publisher> supervisor::shared_events() noexcept {
  return owner_->publisher();
}

caf::actor_system& supervisor::system() {
  return owner_->system();
}

caf::expected<supervisor_handle> supervisor::serve() {
  if (auto err = owner_->start())
    return err;
  return supervisor_handle{owner_};
}

run_result supervisor::run(std::vector<task_spec> specs) {
  run_result result;
  result.error = validate_all(specs);
  if (!result.error)
    result.error = owner_->start();
  if (result.error)
    return result;
  auto env = owner_->env();
  auto monitor =
    env->system.spawn<signal_monitor_state, caf::detached>(env->supervisor);
  std::error_code refused;
  auto gate = signal_gate::open(
    [monitor](int number) { post_urgent(monitor, os_signal{number}); },
    refused);
  if (!gate) {
    result.error = make_error(errc::signal_setup_failed, refused.message());
  } else {
    auto ended = request_run_of(*env, std::move(specs)).get();
    result.error = ended ? ended->error : ended.error();
    if (ended)
      result.shutdown = std::move(ended->report);
  }
  gate.reset();
  caf::anon_send_exit(monitor, caf::exit_reason::user_shutdown);
  for (std::size_t i = 0; i < result.outcomes.size(); ++i)
    result.outcomes[i] = env->counts[i].load();
  return result;
}

} // namespace taskvisor
