#include "controller_state.hpp"

#include <algorithm>
#include <utility>

namespace taskvisor::detail {

namespace {

/// What an abort may take after the grace before its owner counts as stuck.
constexpr duration abort_time = std::chrono::milliseconds{100};

/// How the supervisor marks the request events of its own cancels.
constexpr auto cancel_marker = "manual_cancel";

} // namespace

controller_state::controller_state(caf::actor_config& cfg, shard_setup setup)
  : lingering_actor(cfg),
    setup_(std::move(setup)),
    last_key_(admission_port::first_key(setup_.index)) {}

controller_state::behavior_type controller_state::make_behavior() {
  return {
    [this](submit_task& x) { return on_submit_task(x); },
    [this](watch_submission& x) { return on_watch_submission(x); },
    [this](cancel_slot& x) { return on_clear_request(x.key, true); },
    [this](purge_slot& x) { return on_clear_request(x.key, false); },
    [this](const list_slots&) { return on_list_slots(); },
    [this](const admit_task& x) { on_admit(x); },
    [this](const clear_slot& x) { on_clear(x); },
    [this](const read_slots& x) { on_read(x); },
    [this](const add_decided& x) { on_decided(x); },
    [this](const owner_ended& x) { on_ended(x); },
    [this](const removal_ordered& x) { on_removal_ordered(x); },
    [this](const controller_drained&) { quit(); },
    [this](const stop_tasks& x) { on_stop(x); },
    [this](const close_layer&) { on_close(); },
    [](deliver_reply& x) { x.deliver(); },
    [this](const wake& x) { on_wake(x); },
  };
}

void controller_state::on_exit() {
  setup_.gate->close();
  for (auto& [owner, request] : waiting_)
    request->done(closed_error());
  waiting_.clear();
  // What still waits is rejected by the end of its record.
  places_.clear();
  slots_.clear();
  deadlines_.clear();
  setup_.next = nullptr;
  setup_.port = admission_port{nullptr};
}

template <class Input>
bool controller_state::drive(keyed_lane& at, Input input, const char* marker) {
  auto& lane = at.second;
  auto owner = lane.machine.owner();
  auto status = lane.machine.status();
  slot_reaction reaction = input(lane.machine);
  auto* effects = std::get_if<slot_effects>(&reaction);
  if (effects == nullptr)
    return false;
  if (lane.machine.owner() != owner)
    disarm(lane.stop_deadline);
  if (lane.machine.owner() != owner || lane.machine.status() != status)
    lane.since = setup_.port.now();
  for (const auto& x : *effects)
    perform(at, x, marker);
  if (lane.machine.vacant())
    slots_.erase(slots_.find(at.first));
  return true;
}

// -- commands -----------------------------------------------------------------

void controller_state::on_admit(const admit_task& x) {
  auto record = x.record;
  record->credit.reset();
  std::exchange(record->answer, nullptr)(caf::error{});
  if (closed_) {
    auto why = rejected(rejection::controller_shutting_down,
                        "the controller shuts down");
    publish_rejected(record->slot, *record, why);
    record->deliver(why);
    return;
  }
  auto id = record->id;
  auto& at = *slots_.try_emplace(std::move(record->slot)).first;
  places_.emplace(id, place{&at, record});
  drive(at, [&](slot& to) {
    return to.submit(id, record->policy, setup_.config.max_slot_queue);
  });
  auto found = places_.find(id);
  if (record->max_wait > duration::zero() && found != places_.end()
      && found->second.at->second.machine.owner() != id)
    record->deadline =
      arm(saturating_sub(record->max_wait, since(record->since)), id);
}

void controller_state::on_stop(const stop_tasks& x) {
  auto& request = *x.request;
  auto found = places_.find(request.id);
  if (found == places_.end() && setup_.next) {
    post(setup_.next, x);
    return;
  }
  auto purge = [id = request.id](slot& to) { return to.purge(id); };
  auto cancel = request.how == stop_request::mode::cancel;
  if (found == places_.end()
      || !drive(*found->second.at, purge, cancel ? cancel_marker : "")) {
    setup_.port.stop(x.request);
    return;
  }
  request.credit.reset();
  request.done(true);
}

void controller_state::on_clear(const clear_slot& x) {
  auto& request = *x.request;
  request.credit.reset();
  auto found = slots_.find(request.slot);
  if (closed_) {
    request.done(closed_error());
    return;
  }
  if (found == slots_.end()) {
    request.done(slot_cleared{});
    return;
  }
  const auto& machine = found->second.machine;
  request.result.purged = machine.waiting();
  if (!request.stop_owner) {
    drive(*found, [](slot& to) { return to.purge_all(); });
    request.done(request.result);
    return;
  }
  if (machine.status() == slot_status::admitting
      || machine.status() == slot_status::running)
    request.result.stopped = machine.owner();
  waiting_.emplace(machine.owner(), x.request);
  drive(
    *found, [](slot& to) { return to.cancel(); }, cancel_marker);
}

void controller_state::on_read(const read_slots& x) {
  auto& views = x.request->result.slots;
  for (const auto& [key, lane] : slots_)
    views.push_back({key, lane.machine.status(), lane.machine.owner(),
                     lane.machine.waiting(), since(lane.since)});
  if (setup_.next)
    post_urgent(setup_.next, x);
}

void controller_state::on_close() {
  if (std::exchange(closed_, true))
    return;
  setup_.gate->close();
  std::vector<keyed_lane*> all;
  all.reserve(slots_.size());
  for (auto& at : slots_)
    all.push_back(&at);
  for (auto* at : all)
    drive(*at, [](slot& to) { return to.close(); });
  for (auto& [owner, request] : waiting_)
    request->done(closed_error());
  waiting_.clear();
  // Behind what passed the gate before it was closed.
  post(controller_actor{this}, controller_drained{});
}

// -- answers ------------------------------------------------------------------

void controller_state::on_decided(const add_decided& x) {
  auto found = places_.find(x.id);
  if (found == places_.end())
    return;
  auto live = drive(*found->second.at,
                    [&](slot& to) { return to.decided(x.id, x.added); });
  if (live && !x.added)
    forget_owner(x.id);
}

void controller_state::on_ended(const owner_ended& x) {
  auto found = places_.find(x.id);
  if (found != places_.end()
      && drive(*found->second.at, [&](slot& to) { return to.completed(x.id); }))
    forget_owner(x.id);
}

void controller_state::on_removal_ordered(const removal_ordered& x) {
  auto found = places_.find(x.id);
  if (found != places_.end())
    drive(*found->second.at,
          [&](slot& to) { return to.removal_answered(x.id, x.failed); });
}

void controller_state::forget_owner(task_id id) {
  places_.erase(id);
  auto [first, last] = waiting_.equal_range(id);
  for (auto i = first; i != last; ++i)
    i->second->done(i->second->result);
  waiting_.erase(first, last);
}

void controller_state::on_wake(const wake& x) {
  auto entry = deadlines_.extract(x.key);
  if (entry.empty())
    return;
  auto id = entry.mapped();
  auto& [at, record] = places_.at(id);
  if (record->deadline == x.key) {
    record->deadline = 0;
    drive(*at, [id](slot& to) { return to.waited_too_long(id); });
  } else {
    at->second.stop_deadline = 0;
    drive(*at, [id](slot& to) { return to.still_stops(id); });
  }
}

// -- effects ------------------------------------------------------------------

void controller_state::perform(keyed_lane& at, const slot_effect& x,
                               const char* marker) {
  if (auto* add = std::get_if<hand_over>(&x))
    hand_over_to_registry(add->id);
  else if (auto* stop = std::get_if<stop_owner>(&x))
    order_stop(at, stop->owner);
  else if (auto* no = std::get_if<reject>(&x))
    reject_submission(at, *no, marker);
  else if (auto* accepted = std::get_if<say_accepted>(&x))
    publish_accepted(at, accepted->id);
  else if (auto* changed = std::get_if<say_changed>(&x))
    publish_changed(at, *changed);
  else if (auto* failed = std::get_if<say_removal_failed>(&x))
    publish_removal_failed(at, failed->owner);
}

void controller_state::hand_over_to_registry(task_id id) {
  auto record = places_.at(id).record;
  disarm(record->deadline);
  record->queued = since(record->since);
  auto self = controller_actor{this};
  setup_.port.add(
    id, std::move(record->task),
    [self, record](const outcome& x) {
      // First the slot, so that who saw the outcome finds it free.
      post_urgent(self, owner_ended{record->id});
      record->deliver(x);
    },
    [self, id](const caf::error& err) {
      post_urgent(self, add_decided{id, !err});
    });
}

void controller_state::order_stop(keyed_lane& at, task_id owner) {
  auto request = std::make_shared<stop_request>();
  request->id = owner;
  request->done = [self = controller_actor{this},
                   owner](const caf::expected<bool>& claimed) {
    post_urgent(self, removal_ordered{owner, !claimed});
  };
  at.second.stop_deadline =
    arm(saturating_add(setup_.port.grace(), abort_time), owner);
  setup_.port.stop(std::move(request));
}

void controller_state::reject_submission(const keyed_lane& at, const reject& x,
                                         const char* marker) {
  auto entry = places_.extract(x.id);
  auto& record = *entry.mapped().record;
  disarm(record.deadline);
  record.queued = since(record.since);
  auto& events = setup_.port.events();
  if (x.why == rejection::removed_from_queue && events.wanted()) {
    event e;
    e.kind = event_kind::task_remove_requested;
    e.id = x.id;
    e.task = record.task.name();
    e.reason = marker;
    events.publish(std::move(e));
  }
  auto result = rejected(x.why, reason_of(at, record, x.why));
  publish_rejected(at.first, record, result);
  record.deliver(std::move(result));
}

// -- deadlines ----------------------------------------------------------------

std::uint64_t controller_state::arm(duration delay, task_id id) {
  auto key = ++last_key_;
  deadlines_.emplace(key, id);
  setup_.port.arm(
    delay, key, 0,
    caf::actor_cast<caf::strong_actor_ptr>(controller_actor{this}));
  return key;
}

void controller_state::disarm(std::uint64_t& key) {
  if (auto armed = std::exchange(key, 0);
      armed != 0 && deadlines_.erase(armed) != 0)
    setup_.port.disarm(armed);
}

duration controller_state::since(std::int64_t start) const {
  return std::max(duration{setup_.port.now() - start}, duration::zero());
}

} // namespace taskvisor::detail
