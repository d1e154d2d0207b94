#include "operations.hpp"

#include "submission_record.hpp"

#include <algorithm>
#include <utility>

namespace taskvisor::detail {

caf::error closed_error() {
  return make_error(errc::controller_closed, "the controller shuts down");
}

namespace {

caf::error refusal(const caf::error& of_gate) {
  if (code_of(of_gate) == errc::command_queue_full)
    return make_error(errc::controller_full,
                      "all places of the controller's queue are taken");
  return closed_error();
}

std::shared_ptr<submission_record> make_record(const admission_port& port,
                                               const controller_config& config,
                                               prepared_submission what) {
  auto id = what.id();
  auto request = std::move(what).take_request();
  auto slot = request.slot(); // may be the name of the task that goes away
  auto policy = request.policy();
  auto max_wait = request.max_wait().value_or(config.max_wait);
  auto result = std::make_shared<submission_record>(
    id, std::move(slot), policy, std::move(request).take_task());
  result->max_wait = max_wait;
  result->since = port.now();
  result->hold = port.hold();
  return result;
}

} // namespace

pending<task_id> submit_to(const admission_port& port,
                           const controller_core& core,
                           prepared_submission what, outcome_sink watcher,
                           when_full full) {
  if (auto wrong = what.request().validate())
    return pending<task_id>::resolved(make_error(*wrong));
  promise_of<task_id> promise;
  auto record = make_record(port, core.config, std::move(what));
  record->taken = [promise, id = record->id] { promise.resolve(id); };
  record->watcher = std::move(watcher);
  command_gate::command command{
    [to = core.shard_of(record->slot), record](command_credit credit) {
      record->credit = std::move(credit);
      post(to, admit_task{record});
    },
    [promise, record](const caf::error& err) {
      record->watcher = nullptr; // nobody has got the way to it
      promise.resolve(refusal(err));
    }};
  if (full == when_full::wait)
    core.gate->enter(std::move(command));
  else
    core.gate->try_enter(std::move(command));
  return promise.get_pending();
}

pending<slot_cleared> clear_in(const controller_core& core, std::string key,
                               bool stop_owner) {
  promise_of<slot_cleared> promise;
  auto request = std::make_shared<clear_request>();
  request->slot = std::move(key);
  request->stop_owner = stop_owner;
  request->done = [promise](caf::expected<slot_cleared> x) {
    promise.resolve(std::move(x));
  };
  core.gate->enter(
    {[to = core.shard_of(request->slot), request](command_credit credit) {
       request->credit = std::move(credit);
       post(to, clear_slot{request});
     },
     [promise](const caf::error& err) { promise.resolve(refusal(err)); }});
  return promise.get_pending();
}

snapshot_request::~snapshot_request() {
  std::sort(result.slots.begin(), result.slots.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  done(std::move(result));
}

pending<controller_snapshot> snapshot_of(const controller_core& core) {
  promise_of<controller_snapshot> promise;
  auto request = std::make_shared<snapshot_request>();
  request->done = [promise](controller_snapshot x) {
    promise.resolve(std::move(x));
  };
  post_urgent(core.shards.front(), read_slots{std::move(request)});
  return promise.get_pending();
}

} // namespace taskvisor::detail
