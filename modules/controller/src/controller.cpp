#include "taskvisor/controller/controller.hpp"

#include "controller_state.hpp"
#include "operations.hpp"

#include "taskvisor/supervisor/detail/watch.hpp"

#include <utility>

namespace taskvisor {

using namespace detail;

// -- attaching ----------------------------------------------------------------

namespace {

controller_actor spawn_shard(shard_setup setup) {
  auto& sys = setup.port.system();
  if (setup.port.dedicated_threads())
    return sys.spawn<controller_state, caf::detached>(std::move(setup));
  return sys.spawn<controller_state>(std::move(setup));
}

/// The last one first: each knows the next.
void spawn_shards(const admission_port& port,
                  const std::shared_ptr<controller_core>& core) {
  core->shards.resize(core->config.shards);
  controller_actor next;
  for (auto i = core->config.shards; i-- > 0; next = core->shards[i])
    core->shards[i] =
      spawn_shard({core->config, port, core->gate, i, next, core});
}

} // namespace

caf::expected<controller> controller::attach(supervisor& sup,
                                             controller_config config) {
  if (auto refused = config.validate())
    return make_error(*refused); // nothing was started
  auto handle = sup.serve();
  if (!handle)
    return handle.error();
  return attach(std::move(*handle), config);
}

caf::expected<controller> controller::attach(supervisor_handle handle,
                                             controller_config config) {
  if (auto refused = config.validate())
    return make_error(*refused);
  auto port = admission_port::of(handle);
  auto core = std::make_shared<controller_core>();
  core->config = config;
  core->gate = std::make_shared<command_gate>(config.queue_capacity);
  port.without_signals([&] { spawn_shards(port, core); });
  if (port.set_layer({core->shards.begin(), core->shards.end()}, core))
    return controller{std::move(handle), std::move(core)};
  for (const auto& x : core->shards)
    post(x, close_layer{});
  if (port.layer_data())
    return make_error(
      config_error{"controller", "a second one", "at most one a supervisor"});
  return make_error(errc::shutting_down, "the supervisor shuts down");
}

caf::expected<controller> controller_of(const supervisor_handle& handle) {
  auto core = admission_port::of(handle).layer_data();
  if (!core)
    return make_error(errc::controller_not_configured,
                      "this supervisor has no controller: attach one");
  return controller{handle,
                    std::static_pointer_cast<controller_core>(std::move(core))};
}

controller::controller(supervisor_handle handle,
                       std::shared_ptr<controller_core> core)
  : handle_(std::move(handle)), core_(std::move(core)) {}

const controller_config& controller::config() const noexcept {
  return core_->config;
}

admission_actor controller::actor() const {
  return core_->shards.front();
}

// -- commands -----------------------------------------------------------------

namespace {

pending<watched_task> watch_in(const admission_port& port,
                               const controller_core& core,
                               prepared_submission what, when_full full) {
  auto id = what.id();
  return watch_by(id, [&](outcome_sink watcher, decision_sink answer) {
    submit_to(port, core, std::move(what), std::move(watcher),
              std::move(answer), full);
  });
}

pending<task_id> submit_in(const admission_port& port,
                           const controller_core& core,
                           prepared_submission what, when_full full) {
  auto id = what.id();
  return add_by(id, [&](decision_sink answer) {
    submit_to(port, core, std::move(what), nullptr, std::move(answer), full);
  });
}

} // namespace

pending<task_id> controller::submit(prepared_submission x) const {
  return submit_in(admission_port::of(handle_), *core_, std::move(x),
                   when_full::wait);
}

pending<task_id> controller::try_submit(prepared_submission x) const {
  return submit_in(admission_port::of(handle_), *core_, std::move(x),
                   when_full::refuse);
}

pending<watched_task> controller::submit_and_watch(
  prepared_submission x) const {
  return watch_in(admission_port::of(handle_), *core_, std::move(x),
                  when_full::wait);
}

pending<watched_task> controller::try_submit_and_watch(
  prepared_submission x) const {
  return watch_in(admission_port::of(handle_), *core_, std::move(x),
                  when_full::refuse);
}

pending<slot_cleared> controller::cancel_slot(std::string key) const {
  return clear_in(*core_, std::move(key), true);
}

pending<slot_cleared> controller::purge_slot(std::string key) const {
  return clear_in(*core_, std::move(key), false);
}

pending<controller_snapshot> controller::snapshot() const {
  return snapshot_of(*core_);
}

} // namespace taskvisor
