#include "taskvisor/supervisor/detail/admission_port.hpp"

#include "owner.hpp"
#include "signal_gate.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <utility>

namespace taskvisor::detail {

work_hold::work_hold(std::shared_ptr<runtime> env) noexcept
  : env_(std::move(env)) {
  ++env_->holds;
}

work_hold::~work_hold() {
  if (env_ && --env_->holds == 0)
    post(env_->registry, work_released{});
}

admission_port admission_port::of(const supervisor_handle& handle) {
  return admission_port{handle.owner_->env()};
}

caf::actor_system& admission_port::system() const {
  return env_->system;
}

event_publisher& admission_port::events() const {
  return *env_->publisher;
}

bool admission_port::dedicated_threads() const {
  return env_->config.dedicated_threads;
}

duration admission_port::grace() const {
  return env_->config.grace;
}

void admission_port::without_signals(const std::function<void()>& start) const {
  blocked_signals guard;
  start();
}

std::int64_t admission_port::now() const {
  return env_->now();
}

void admission_port::add(task_id id, task_spec spec, outcome_sink watcher,
                         decision_sink decided) const {
  auto batch = std::make_shared<admission_of_one>(
    new_task{id, std::move(spec), std::move(watcher)});
  batch->decided = std::move(decided);
  env_->publish_add_requested(batch->task);
  post(env_->registry, add_tasks{std::move(batch)});
}

void admission_port::stop(std::shared_ptr<stop_request> request) const {
  post(env_->registry, stop_tasks{std::move(request)});
}

void admission_port::arm(duration delay, std::uint64_t key, std::uint32_t slot,
                         const caf::strong_actor_ptr& who) const {
  post(env_->timers,
       arm_timer{saturating_due(env_->now(), delay), key, slot, who});
}

void admission_port::disarm(std::uint64_t key) const {
  post(env_->timers, disarm_timer{key});
}

bool admission_port::set_layer(std::vector<admission_layer_actor> actors,
                               std::shared_ptr<void> data) const {
  if (!env_->layer.put(actors, std::move(data)))
    return false;
  for (const auto& x : actors)
    link_upward(x, env_->supervisor, "controller");
  return true;
}

std::shared_ptr<void> admission_port::layer_data() const {
  return env_->layer.data();
}

} // namespace taskvisor::detail
