#include "taskvisor/controller/controller.hpp"

#include "controller_core.hpp"
#include "controller_state.hpp"

#include <algorithm>
#include <utility>

namespace taskvisor {

using namespace detail;

detail::snapshot_request::~snapshot_request() {
  std::sort(result.slots.begin(), result.slots.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  done(std::move(result));
}

// -- attaching ----------------------------------------------------------------

namespace {

controller_actor spawn_shard(shard_setup setup) {
  auto& sys = setup.port.system();
  if (setup.port.dedicated_threads())
    return sys.spawn<controller_state, caf::detached>(std::move(setup));
  return sys.spawn<controller_state>(std::move(setup));
}

/// The last one first: each knows the next.
std::vector<controller_actor> spawn_shards(
  const admission_port& port, const controller_config& config,
  const std::shared_ptr<command_gate>& gate) {
  std::vector<controller_actor> result(config.shards);
  controller_actor next;
  for (auto i = config.shards; i-- > 0; next = result[i])
    result[i] = spawn_shard({config, port, gate, i, next});
  return result;
}

} // namespace

caf::expected<controller> controller::attach(supervisor& sup,
                                             controller_config config) {
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
  port.without_signals(
    [&] { core->shards = spawn_shards(port, config, core->gate); });
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

const controller_actor& controller::actor() const noexcept {
  return core_->shards.front();
}

// -- commands -----------------------------------------------------------------

namespace {

caf::error refusal(const caf::error& of_gate) {
  if (code_of(of_gate) == errc::command_queue_full)
    return make_error(errc::controller_full,
                      "all places of the controller's queue are taken");
  return make_error(errc::controller_closed, "the controller shuts down");
}

struct submit_call {
  admission_port port;
  std::shared_ptr<controller_core> core;
  prepared_submission what;
  bool may_wait;
};

/// `taken` and `refused` are alternatives.
void send(submit_call call, outcome_sink watcher, std::function<void()> taken,
          std::function<void(caf::error)> refused) {
  if (auto wrong = call.what.request().validate()) {
    refused(make_error(*wrong));
    return;
  }
  auto id = call.what.id();
  auto request = std::move(call.what).take_request();
  auto slot = request.slot(); // may be the name of the task that goes away
  auto record = std::make_shared<submission_record>(
    id, std::move(slot), request.policy(), std::move(request).take_task());
  record->max_wait = request.max_wait().value_or(call.core->config.max_wait);
  record->since = call.port.now();
  record->taken = std::move(taken);
  record->watcher = std::move(watcher);
  record->hold = call.port.hold();
  command_gate::command command{[to = call.core->shard_of(record->slot),
                                 record](command_gate::credit credit) {
                                  record->credit = std::move(credit);
                                  post(to, submit_task{record});
                                },
                                [refused, record](const caf::error& err) {
                                  record->watcher =
                                    nullptr; // nobody has got the way to it
                                  refused(refusal(err));
                                }};
  if (call.may_wait)
    call.core->gate->enter(std::move(command));
  else
    call.core->gate->try_enter(std::move(command));
}

pending<task_id> submit_one(submit_call call) {
  promise_of<task_id> promise;
  auto id = call.what.id();
  send(
    std::move(call), nullptr, [promise, id] { promise.resolve(id); },
    [promise](caf::error err) { promise.resolve(std::move(err)); });
  return promise.get_pending();
}

pending<watched_task> submit_watched(submit_call call) {
  promise_of<outcome> ended;
  promise_of<watched_task> promise;
  auto id = call.what.id();
  send(
    std::move(call), [ended](const outcome& x) { ended.resolve(x); },
    [promise, id, waiter = ended.get_pending()] {
      promise.resolve(watched_task{id, waiter});
    },
    [promise](caf::error err) { promise.resolve(std::move(err)); });
  return promise.get_pending();
}

pending<slot_cleared> send_clear(const std::shared_ptr<controller_core>& core,
                                 std::string key, bool stop_owner) {
  promise_of<slot_cleared> promise;
  auto request = std::make_shared<clear_request>();
  request->slot = std::move(key);
  request->stop_owner = stop_owner;
  request->done = [promise](caf::expected<slot_cleared> x) {
    promise.resolve(std::move(x));
  };
  core->gate->enter(
    {[to = core->shard_of(request->slot),
      request](command_gate::credit credit) {
       request->credit = std::move(credit);
       post(to, clear_slot{request});
     },
     [promise](const caf::error& err) { promise.resolve(refusal(err)); }});
  return promise.get_pending();
}

} // namespace

pending<task_id> controller::submit(prepared_submission x) const {
  return submit_one({admission_port::of(handle_), core_, std::move(x), true});
}

pending<task_id> controller::try_submit(prepared_submission x) const {
  return submit_one({admission_port::of(handle_), core_, std::move(x), false});
}

pending<watched_task> controller::submit_and_watch(
  prepared_submission x) const {
  return submit_watched(
    {admission_port::of(handle_), core_, std::move(x), true});
}

pending<watched_task> controller::try_submit_and_watch(
  prepared_submission x) const {
  return submit_watched(
    {admission_port::of(handle_), core_, std::move(x), false});
}

pending<slot_cleared> controller::cancel_slot(std::string key) const {
  return send_clear(core_, std::move(key), true);
}

pending<slot_cleared> controller::purge_slot(std::string key) const {
  return send_clear(core_, std::move(key), false);
}

pending<controller_snapshot> controller::snapshot() const {
  promise_of<controller_snapshot> promise;
  auto request = std::make_shared<snapshot_request>();
  request->done = [promise](controller_snapshot x) {
    promise.resolve(std::move(x));
  };
  post_urgent(core_->shards.front(), read_slots{std::move(request)});
  return promise.get_pending();
}

} // namespace taskvisor
