#include "registry_state.hpp"

#include "task_performer.hpp"

#include "taskvisor/supervisor/detail/duration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace taskvisor::detail {

namespace {

/// Above the keys of all task actors.
constexpr std::uint64_t first_registry_key = std::uint64_t{1} << 63;

/// Task actors that are kept for the next tasks.
constexpr std::size_t max_idle_actors = 4096;

std::vector<std::string_view> names_of(const admission& batch) {
  std::vector<std::string_view> result;
  result.reserve(batch.items.size());
  for (const auto& item : batch.items)
    result.emplace_back(item.spec.name());
  return result;
}

outcome rejected(rejection why, std::string reason) {
  outcome result;
  result.kind = outcome_kind::rejected;
  result.rejected = why;
  result.reason = std::move(reason);
  return result;
}

} // namespace

registry_state::registry_state(caf::actor_config& cfg,
                               std::shared_ptr<runtime> env)
  : registry_actor::base(cfg),
    env_(std::move(env)),
    next_key_(first_registry_key) {}

registry_state::behavior_type registry_state::make_behavior() {
  return {
    [this](const add_tasks& x) { on_add(x); },
    [this](const stop_tasks& x) { on_stop(x); },
    [this](const read_tasks& x) { on_read(x); },
    [this](task_ended& x) { on_ended(x); },
    [this](const attempt_stuck& x) { on_stuck(x); },
    [this](const permit_wanted& x) { on_permit_wanted(x); },
    [this](const permit_returned&) { on_permit_returned(); },
    [this](const resize_permits& x) { on_resize(x); },
    [this](const drain_tasks&) { on_drain(); },
    [this](const abort_tasks&) { on_abort_all(); },
    [this](const work_released&) { check_empty(); },
    [this](const close_registry&) { on_close(); },
    [this](const wake& x) { on_wake(x); },
  };
}

void registry_state::on_exit() {
  // However the registry ends, everything that was accepted gets its outcome.
  outcome result;
  result.kind = outcome_kind::crashed;
  result.reason = "the supervisor's registry was terminated";
  resolve_rest(result);
  env_ = nullptr;
}

void registry_state::resolve_rest(const outcome& result) {
  std::vector<task_id> left;
  table_.for_each([&](registry_entry& x) { left.push_back(x.record->id); });
  for (auto id : left) {
    auto entry = table_.take(id);
    caf::anon_send_exit(entry.actor, caf::exit_reason::kill);
    if (entry.watcher)
      entry.watcher(result);
    answer_waiting(entry);
  }
  for (auto& x : idle_)
    post(x, retire_task{});
  idle_.clear();
  deadlines_.clear();
}

// -- admission ----------------------------------------------------------------

void registry_state::on_add(const add_tasks& x) {
  auto& batch = *x.batch;
  if (draining_) { // only from a layer: the gate is closed before the drain
    refuse_late(batch);
    return;
  }
  auto verdict = judge_admission(
    names_of(batch), [this](std::string_view n) { return table_.has(n); });
  if (verdict.admitted())
    admit(batch);
  else
    refuse(batch, verdict);
  batch.credit.reset();
}

void registry_state::admit(admission& batch) {
  std::vector<registry_entry*> added;
  added.reserve(batch.items.size());
  for (auto& item : batch.items) {
    auto record = std::make_shared<task_record>(
      item.id, item.spec.name(), item.spec.body(),
      item.spec.resolve(env_->config.defaults), env_->now());
    auto& entry = table_.insert(
      {std::move(record), take_actor(), std::move(item.watcher), {}});
    env_->publish(event_kind::task_added, *entry.record, [](event&) {});
    added.push_back(&entry);
  }
  std::exchange(batch.decided, nullptr)(caf::error{});
  batch.items.clear();
  if (added.empty())
    check_empty(); // `run` with nothing asks whether there is anything
  // No body starts before the whole batch is in.
  for (auto* entry : added)
    post(entry->actor, start_task{entry->record});
}

void registry_state::refuse(admission& batch,
                            const admission_verdict& verdict) {
  auto conflict =
    fmt::format("a task named '{}' is registered", verdict.conflict);
  for (std::size_t i = 0; i < batch.items.size(); ++i)
    refuse(batch.items[i], verdict.refused[i], conflict);
  std::exchange(batch.decided,
                nullptr)(make_error(errc::task_already_exists, conflict));
}

void registry_state::refuse_late(admission& batch) {
  constexpr auto text = "the supervisor shuts down";
  for (auto& item : batch.items)
    refuse(item, rejection::controller_shutting_down, text);
  std::exchange(batch.decided, nullptr)(make_error(errc::shutting_down, text));
}

void registry_state::refuse(admission::item& item, rejection why,
                            const std::string& reason) {
  if (env_->publisher->wanted()) {
    event x;
    x.kind = event_kind::task_add_failed;
    x.id = item.id;
    x.task = item.spec.name();
    x.outcome = outcome_kind::rejected;
    x.rejected = why;
    x.reason = reason;
    env_->publisher->publish(std::move(x));
  }
  if (item.watcher)
    item.watcher(rejected(why, reason));
}

task_actor registry_state::take_actor() {
  if (!idle_.empty()) {
    auto result = std::move(idle_.back());
    idle_.pop_back();
    return result;
  }
  return spawn<task_performer, caf::lazy_init>(env_, ++actors_);
}

void registry_state::put_actor(task_actor x) {
  if (draining_ || idle_.size() >= max_idle_actors)
    post(x, retire_task{});
  else
    idle_.push_back(std::move(x));
}

// -- removal ------------------------------------------------------------------

void registry_state::on_stop(const stop_tasks& x) {
  auto request = x.request;
  request->credit.reset();
  auto* entry = request->id ? table_.find(request->id)
                            : table_.find(std::string_view{request->name});
  if (entry == nullptr) {
    request->done(false);
    return;
  }
  auto cancel = request->how == stop_request::mode::cancel;
  env_->publish(event_kind::task_remove_requested, *entry->record,
                [&](event& e) {
                  if (cancel)
                    e.reason = "manual_cancel";
                });
  auto claimed = !entry->removing;
  if (claimed)
    claim(*entry);
  if (!cancel) {
    request->done(claimed);
    return;
  }
  request->claimed = claimed;
  entry->waiting.push_back(request);
  if (request->limit >= duration::zero())
    request->key = arm_deadline(request->limit, {entry->record->id, request});
}

void registry_state::claim(registry_entry& entry) {
  tell_to_stop(entry);
  arm_removal(entry, env_->config.grace);
}

void registry_state::tell_to_stop(registry_entry& entry) {
  entry.removing = true;
  // The task's actor may be busy in user code: `list` need not wait for it.
  entry.record->status.stop(env_->now());
  post(entry.actor, stop_task{entry.record->id});
}

void registry_state::arm_removal(registry_entry& entry, duration delay) {
  entry.removal_key = arm_deadline(delay, {entry.record->id, {}});
}

std::uint64_t registry_state::arm_deadline(duration delay, deadline what) {
  auto key = ++next_key_;
  deadlines_.emplace(key, std::move(what));
  env_->arm(saturating_due(env_->now(), delay), key, 0, registry_actor{this});
  return key;
}

void registry_state::on_wake(const wake& x) {
  auto node = deadlines_.extract(x.key);
  if (node.empty())
    return;
  auto& what = node.mapped();
  if (x.key == settle_key_) {
    on_settle_time();
    return;
  }
  auto* entry = table_.find(what.id);
  if (entry == nullptr)
    return;
  if (!what.cancel) {
    on_removal_due(*entry);
    return;
  }
  std::erase(entry->waiting, what.cancel);
  what.cancel->done(make_error(errc::termination_timeout,
                               fmt::format("task '{}' still stops after {}",
                                           entry->record->name,
                                           exact_text(what.cancel->limit))));
}

void registry_state::on_removal_due(registry_entry& entry) {
  if (std::exchange(entry.aborted, true)) {
    mark_stuck(entry);
    return;
  }
  if (entry.record->status.end_unless_running(env_->now())) {
    end_without_actor(entry.record->id);
    check_empty();
    return;
  }
  post(entry.actor, abort_task{entry.record->id});
  arm_removal(entry, settle_time);
}

void registry_state::end_without_actor(task_id id) {
  starved_ = true;
  auto entry = table_.take(id);
  // Its actor drops the task whenever it gets to it, and is of no use since.
  post(entry.actor, abort_task{id});
  post(std::exchange(entry.actor, nullptr), retire_task{});
  outcome result;
  result.kind = outcome_kind::canceled;
  clean_up(std::move(entry), std::move(result));
}

void registry_state::mark_stuck(registry_entry& entry) {
  if (!entry.record->hangs())
    return;
  auto now = env_->now();
  if (!entry.record->status.stick(now))
    return;
  env_->publish(event_kind::attempt_stuck, *entry.record, [&](event& x) {
    auto info = entry.record->info(now);
    x.attempt = info.attempt;
    x.elapsed = info.attempt_age;
    x.reason = fmt::format("{} ignored its stop and its force",
                           label(entry.record->kind));
  });
}

void registry_state::on_ended(task_ended& x) {
  if (auto* found = table_.find(x.id); found == nullptr)
    return;
  clean_up(table_.take(x.id), std::move(x.result));
  check_empty();
}

void registry_state::clean_up(registry_entry entry, outcome result) {
  if (entry.removal_key != 0 && deadlines_.erase(entry.removal_key) != 0
      && !draining_)
    post(env_->timers, disarm_timer{entry.removal_key});
  env_->publish(event_kind::task_finished, *entry.record, [&](event& e) {
    e.outcome = result.kind;
    e.reason = result.reason;
    e.exit_code = result.exit_code;
  });
  env_->count(result.kind);
  if (entry.watcher)
    entry.watcher(result);
  env_->publish(event_kind::task_removed, *entry.record, [](event&) {});
  answer_waiting(entry);
  if (entry.actor && result.kind != outcome_kind::crashed)
    put_actor(std::move(entry.actor));
}

void registry_state::answer_waiting(registry_entry& entry) {
  for (auto& request : entry.waiting) {
    if (request->key != 0 && deadlines_.erase(request->key) != 0)
      post(env_->timers, disarm_timer{request->key});
    request->done(request->claimed);
  }
  entry.waiting.clear();
}

void registry_state::check_empty() {
  if (!table_.empty())
    return;
  if (draining_)
    report_drained();
  else if (env_->holds.load() == 0)
    post(env_->supervisor, registry_empty{});
}

void registry_state::on_stuck(const attempt_stuck& x) {
  if (auto* entry = table_.find(x.id))
    mark_stuck(*entry);
}

// -- views --------------------------------------------------------------------

void registry_state::on_read(const read_tasks& x) {
  std::vector<task_info> result;
  result.reserve(table_.size());
  auto now = env_->now();
  table_.for_each(
    [&](registry_entry& entry) { result.push_back(entry.record->info(now)); });
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  x.request->done(std::move(result));
}

// -- permits ------------------------------------------------------------------

void registry_state::on_permit_wanted(const permit_wanted& x) {
  wanting_.push_back(x.id);
  grant_permits();
}

void registry_state::on_permit_returned() {
  --running_;
  grant_permits();
}

void registry_state::on_resize(const resize_permits& x) {
  auto before = env_->max_concurrent.exchange(x.limit);
  if (before == 0 && x.limit != 0)
    charge_running();
  grant_permits();
}

void registry_state::charge_running() {
  // Without a limit nobody counts: whose attempt runs keeps this permit, the
  // others give it back.
  table_.for_each([this](registry_entry& entry) {
    ++running_;
    post(entry.actor, permit_granted{entry.record->id});
  });
}

void registry_state::grant_permits() {
  auto limit = env_->max_concurrent.load();
  while (!wanting_.empty() && (limit == 0 || running_ < limit)) {
    auto id = wanting_.front();
    wanting_.pop_front();
    auto* entry = table_.find(id);
    if (entry == nullptr || entry->removing)
      continue;
    ++running_;
    post(entry->actor, permit_granted{id});
  }
}

// -- shutdown -----------------------------------------------------------------

void registry_state::on_drain() {
  draining_ = true;
  env_->draining = true;
  // All are told before any is waited for; the supervisor holds the deadline.
  table_.for_each([this](registry_entry& entry) {
    if (!entry.removing)
      tell_to_stop(entry);
  });
  check_empty();
}

void registry_state::on_abort_all() {
  if (!draining_ || settle_key_ != 0)
    return;
  std::vector<task_id> starved;
  table_.for_each([&](registry_entry& entry) {
    auto& record = *entry.record;
    if (record.status.end_unless_running(env_->now())) {
      starved.push_back(record.id);
      return;
    }
    aborted_.push_back(record.name);
    post(entry.actor, abort_task{record.id});
  });
  for (auto id : starved)
    end_without_actor(id);
  if (table_.empty())
    report_drained();
  else
    await_settled();
}

void registry_state::await_settled() {
  unsettled_ = table_.size();
  settle_key_ = arm_deadline(settle_time, {});
}

void registry_state::on_settle_time() {
  // As long as aborts take effect it is only slow; without any it is stuck.
  if (table_.size() < unsettled_)
    await_settled();
  else
    report_drained();
}

void registry_state::report_drained() {
  if (std::exchange(drained_, true))
    return;
  tasks_drained report;
  report.aborted = std::move(aborted_);
  report.clean = !starved_ && table_.empty();
  auto now = env_->now();
  table_.for_each([&](registry_entry& entry) {
    mark_stuck(entry);
    if (entry.record->hangs())
      report.left.push_back(entry.record->info(now));
  });
  post(env_->supervisor, std::move(report));
}

void registry_state::on_close() {
  outcome result;
  result.kind = outcome_kind::force_aborted;
  result.reason = "the supervisor ended before the task did";
  resolve_rest(result);
  quit();
}

} // namespace taskvisor::detail
