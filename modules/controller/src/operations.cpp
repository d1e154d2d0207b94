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

auto make_record(const admission_port& port, const controller_core& core,
                 prepared_submission what) {
  auto id = what.id();
  auto request = std::move(what).take_request();
  auto slot = request.slot(); // may be the name of the task that goes away
  auto policy = request.policy();
  auto max_wait = request.max_wait().value_or(core.config.max_wait);
  auto send = [to = core.shard_of(slot)](std::shared_ptr<submission_record> x) {
    post(to, admit_task{std::move(x)});
  };
  auto refuse = [](submission_record& x, const caf::error& why) {
    x.watcher = nullptr; // nobody has got the way to it
    x.answer(refusal(why));
  };
  auto result =
    make_gated<submission_record>(std::move(send), refuse, id, std::move(slot),
                                  policy, std::move(request).take_task());
  result->max_wait = max_wait;
  result->since = port.now();
  result->hold = port.hold();
  return result;
}

} // namespace

void submit_to(const admission_port& port, const controller_core& core,
               prepared_submission what, outcome_sink watcher,
               decision_sink answer, when_full full) {
  if (auto wrong = what.request().validate()) {
    answer(make_error(*wrong));
    return;
  }
  auto record = make_record(port, core, std::move(what));
  record->answer = std::move(answer);
  record->watcher = std::move(watcher);
  core.gate->enter(std::move(record), full);
}

pending<slot_cleared> clear_in(const controller_core& core, std::string key,
                               bool stop_owner) {
  promise_of<slot_cleared> promise;
  auto request = make_gated<clear_request>(
    [to = core.shard_of(key)](std::shared_ptr<clear_request> x) {
      post(to, clear_slot{std::move(x)});
    },
    [](clear_request& x, const caf::error& why) { x.done(refusal(why)); });
  request->slot = std::move(key);
  request->stop_owner = stop_owner;
  request->done = [promise](caf::expected<slot_cleared> x) {
    promise.resolve(std::move(x));
  };
  core.gate->enter(std::move(request), when_full::wait);
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
