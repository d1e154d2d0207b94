#include "owner.hpp"

#include "caller.hpp"
#include "management.hpp"
#include "registry_state.hpp"
#include "signal_gate.hpp"
#include "supervisor_state.hpp"
#include "timers_state.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <utility>

namespace taskvisor::detail {

namespace {

/// Ends the runtime and, if it is the supervisor's own, the actor system.
void finish(std::shared_ptr<runtime> env,
            std::unique_ptr<owned_system> system) {
  if (!env->closed)
    static_cast<void>(request_shutdown_of(*env, false).get());
  caf::anon_send_exit(env->supervisor, caf::exit_reason::user_shutdown);
  bool left_behind = env->left_behind;
  // The system's destructor waits until nobody holds its detached actors.
  env.reset();
  // A worker that never comes back would hold up the system's destructor for
  // ever: the process ends without it instead.
  if (system && left_behind)
    static_cast<void>(system.release());
}

/// `from` over `to`, group by group.
void overlay(caf::settings& to, const caf::settings& from) {
  for (const auto& [key, value] : from)
    if (const auto* group = caf::get_if<caf::settings>(&value))
      overlay(to[key].as_dictionary(), *group);
    else
      to.insert_or_assign(key, value);
}

} // namespace

owned_system::owned_system(const supervisor_config& config) {
  auto workers = std::string{caf_prefix} + "scheduler.max-threads";
  // CAF would take four at least: on few cores they only wake each other.
  settings.set(workers, std::max(std::thread::hardware_concurrency(), 2u));
  overlay(settings.content, config.system);
  if (config.worker_threads != 0)
    settings.set(workers, config.worker_threads);
  blocked_signals guard;
  system.emplace(settings);
}

owner::owner(caf::actor_system* host, supervisor_config config)
  : config_(std::move(config)),
    publisher_(std::make_shared<event_publisher>()),
    host_(host) {
  // CAF 1.x cannot even carry an error's text before it knows its types.
  if (host_ == nullptr)
    init_types();
  if (config_.seed == 0)
    config_.seed = std::random_device{}();
}

owner::~owner() {
  if (!env_) {
    // Never started: subscribers must not hold up the end of the system.
    publisher_->detach_all();
    return;
  }
  // A task or an actor that lets go of the last handle must not wait for
  // itself, nor destroy the system that runs it.
  auto in_task = this_caller().task != nullptr;
  if (!in_task && !on_actor_thread()) {
    finish(std::move(env_), std::move(owned_));
    return;
  }
  blocked_signals guard;
  std::thread{[env = std::move(env_), system = std::move(owned_)]() mutable {
    finish(std::move(env), std::move(system));
  }}.detach();
}

caf::actor_system& owner::system() {
  if (host_ != nullptr)
    return *host_;
  if (!owned_)
    owned_ = std::make_unique<owned_system>(config_);
  return *owned_->system;
}

caf::error owner::start() {
  std::lock_guard guard{mutex_};
  if (env_)
    return {};
  if (auto refused = config_.validate())
    return make_error(*refused);
  env_ = std::make_shared<runtime>(system(), config_, publisher_);
  env_->max_concurrent = config_.max_concurrent;
  start_actors();
  return {};
}

void owner::start_actors() {
  blocked_signals guard;
  auto& sys = env_->system;
  if (config_.dedicated_threads) {
    env_->timers = sys.spawn<timers_state, caf::detached>();
    env_->supervisor = sys.spawn<supervisor_state, caf::detached>(env_);
    env_->registry = sys.spawn<registry_state, caf::detached>(env_);
  } else {
    env_->timers = sys.spawn<timers_state>();
    env_->supervisor = sys.spawn<supervisor_state>(env_);
    env_->registry = sys.spawn<registry_state>(env_);
  }
  publisher_->set_state_source(
    [weak = std::weak_ptr{env_}](caf::strong_actor_ptr to) {
      if (auto env = weak.lock())
        send_state(*env, std::move(to));
    });
  link_upward(env_->registry, env_->supervisor, "registry");
  link_upward(env_->timers, env_->supervisor, "timers");
  if (has_bad_scheduler(sys)) {
    event x;
    x.kind = event_kind::runtime_failure;
    x.task = "scheduler";
    x.reason = "CAF 0.17's work stealing is quadratic: set scheduler.policy "
               "to sharing";
    publisher_->publish(std::move(x));
  }
}

} // namespace taskvisor::detail
