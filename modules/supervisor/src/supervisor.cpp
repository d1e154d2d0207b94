#include "taskvisor/supervisor/supervisor.hpp"

#include "management.hpp"
#include "owner.hpp"
#include "signal_gate.hpp"
#include "signal_monitor_state.hpp"
#include "supervisor_state.hpp"

#include "taskvisor/supervisor/detail/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace taskvisor {

using namespace detail;

// -- handle -------------------------------------------------------------------

namespace {

using mode = stop_request::mode;

/// From a thread or a task, which may be made to wait for slow subscribers.
pending<task_id> add_in(const std::shared_ptr<runtime>& env, task_spec spec,
                        when_full full) {
  if (full == when_full::wait)
    env->await_room();
  auto id = task_id::next();
  return add_by(id, [&](decision_sink answer) {
    add_to(env, id, std::move(spec), nullptr, std::move(answer), full);
  });
}

pending<watched_task> watch_in(const std::shared_ptr<runtime>& env,
                               task_spec spec, when_full full) {
  if (full == when_full::wait)
    env->await_room();
  auto id = task_id::next();
  return watch_by(id, [&](outcome_sink watcher, decision_sink answer) {
    add_to(env, id, std::move(spec), std::move(watcher), std::move(answer),
           full);
  });
}

} // namespace

supervisor_handle::supervisor_handle(std::shared_ptr<owner> owner)
  : owner_(std::move(owner)) {}

pending<task_id> supervisor_handle::add(task_spec spec) const {
  return add_in(owner_->env(), std::move(spec), when_full::wait);
}

pending<task_id> supervisor_handle::try_add(task_spec spec) const {
  return add_in(owner_->env(), std::move(spec), when_full::refuse);
}

pending<watched_task> supervisor_handle::add_and_watch(task_spec spec) const {
  return watch_in(owner_->env(), std::move(spec), when_full::wait);
}

pending<watched_task> supervisor_handle::try_add_and_watch(
  task_spec spec) const {
  return watch_in(owner_->env(), std::move(spec), when_full::refuse);
}

pending<bool> supervisor_handle::remove(const task_ref& which) const {
  return stop_in(owner_->env(), stop_of(mode::remove, which.id, which.name),
                 when_full::wait);
}

pending<bool> supervisor_handle::try_remove(const task_ref& which) const {
  return stop_in(owner_->env(), stop_of(mode::remove, which.id, which.name),
                 when_full::refuse);
}

pending<bool> supervisor_handle::cancel(const task_ref& which) const {
  return stop_in(owner_->env(), stop_of(mode::cancel, which.id, which.name),
                 when_full::wait);
}

pending<bool> supervisor_handle::try_cancel(const task_ref& which) const {
  return stop_in(owner_->env(), stop_of(mode::cancel, which.id, which.name),
                 when_full::refuse);
}

pending<bool> supervisor_handle::cancel_with_timeout(const task_ref& which,
                                                     duration limit) const {
  return stop_in(owner_->env(),
                 stop_of(mode::cancel, which.id, which.name, limit),
                 when_full::wait);
}

pending<bool> supervisor_handle::try_cancel_with_timeout(const task_ref& which,
                                                         duration limit) const {
  return stop_in(owner_->env(),
                 stop_of(mode::cancel, which.id, which.name, limit),
                 when_full::refuse);
}

pending<std::vector<task_info>> supervisor_handle::list() const {
  return list_of(*owner_->env());
}

pending<std::vector<std::string>> supervisor_handle::alive() const {
  promise_of<std::vector<std::string>> promise;
  list().then_call([promise](const caf::expected<std::vector<task_info>>& x) {
    std::vector<std::string> names;
    for (const auto& info : x ? *x : std::vector<task_info>{})
      if (info.attempt_age)
        names.push_back(info.name);
    std::sort(names.begin(), names.end());
    promise.resolve(std::move(names));
  });
  return promise.get_pending();
}

pending<bool> supervisor_handle::is_alive(std::string name) const {
  promise_of<bool> promise;
  alive().then_call([promise, name = std::move(name)](
                      const caf::expected<std::vector<std::string>>& x) {
    promise.resolve(x && std::binary_search(x->begin(), x->end(), name));
  });
  return promise.get_pending();
}

void supervisor_handle::set_max_concurrent(std::uint32_t limit) const {
  post(owner_->env()->registry, resize_permits{limit});
}

pending<shutdown_report> supervisor_handle::shutdown() const {
  return request_shutdown_of(*owner_->env(), true);
}

manager_actor supervisor_handle::actor() const {
  return owner_->env()->supervisor;
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
  request->tasks.reserve(specs.size());
  for (auto& spec : specs)
    request->tasks.push_back({task_id::next(), std::move(spec), {}});
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
  // The gate's own thread takes them, and no wait of the caller is disturbed.
  blocked_signals guard;
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
