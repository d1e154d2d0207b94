// How membership ends: claims, force, clean-up, and the drain of a shutdown.

#include "registry_state.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace taskvisor::detail {

void registry_state::on_stop(const stop_tasks& x) {
  start_admitted();
  auto request = x.request;
  request->credit.reset();
  auto* entry = request->id ? table_.find(request->id)
                            : table_.find(std::string_view{request->name});
  if (entry == nullptr) {
    request->done(false);
    return;
  }
  auto cancel = request->how == stop_request::mode::cancel;
  env_->publish(event_kind::task_remove_requested, *entry, [&](event& e) {
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
    request->key = arm_deadline(request->limit, {entry->id, request});
}

void registry_state::claim(registry_entry& entry) {
  tell_to_stop(entry);
  arm_removal(entry, env_->config.grace);
}

void registry_state::tell_to_stop(registry_entry& entry) {
  entry.removing = true;
  // The task's actor may be busy in user code: `list` need not wait for it.
  env_->change(entry, [this](task_progress& x) { return x.stop(env_->now()); });
  post(entry.actor, stop_task{entry.id});
}

void registry_state::arm_removal(registry_entry& entry, duration delay) {
  entry.removal_key = arm_deadline(delay, {entry.id, {}});
}

std::uint64_t registry_state::arm_deadline(duration delay, deadline what) {
  auto key = ++next_key_;
  deadlines_.emplace(key, std::move(what));
  env_->arm(saturating_due(env_->now(), delay), key, 0, registry_actor{this});
  return key;
}

void registry_state::on_wake(const wake& x) {
  start_admitted();
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
  what.cancel->done(
    make_error(errc::termination_timeout,
               fmt::format("task '{}' still stops after {}", entry->name,
                           exact_text(what.cancel->limit))));
}

void registry_state::on_removal_due(registry_entry& entry) {
  if (std::exchange(entry.aborted, true)) {
    mark_stuck(entry);
    return;
  }
  if (withdraw(entry)) {
    end_without_actor(entry);
    check_empty();
    return;
  }
  post(entry.actor, abort_task{entry.id});
  arm_removal(entry, settle_time);
}

bool registry_state::withdraw(task_record& record) const {
  return record.status.with(
    [this](task_progress& x) { return x.end_unless_running(env_->now()); });
}

void registry_state::end_without_actor(registry_entry& entry) {
  starved_ = true;
  // Its actor drops the task whenever it gets to it, and is of no use since.
  post(entry.actor, abort_task{entry.id});
  post(std::exchange(entry.actor, nullptr), retire_task{});
  outcome result;
  result.kind = outcome_kind::canceled;
  clean_up(entry, std::move(result));
}

void registry_state::mark_stuck(registry_entry& entry) {
  if (!entry.hangs())
    return;
  auto now = env_->now();
  env_->change(
    event_kind::attempt_stuck, entry,
    [now](task_progress& x) { return x.stick(now); },
    [&](event& x) {
      x.elapsed = entry.info(now).attempt_age;
      x.reason =
        fmt::format("{} ignored its stop and its force", label(entry.kind));
    });
}

void registry_state::on_ended(task_ended& x) {
  delay_admitted();
  if (auto* entry = table_.find(x.id)) {
    clean_up(*entry, std::move(x.result));
    check_empty();
  }
}

void registry_state::clean_up(registry_entry& entry, outcome result) {
  auto kept = table_.take(entry);
  if (entry.removal_key != 0 && deadlines_.erase(entry.removal_key) != 0
      && !draining_)
    post(env_->timers, disarm_timer{entry.removal_key});
  env_->publish(event_kind::task_finished, entry, [&](event& e) {
    e.outcome = result.kind;
    e.reason = result.reason;
    e.exit_code = result.exit_code;
  });
  env_->count(result.kind);
  // What it holds must not live as long as the last user of the record.
  if (auto watcher = std::exchange(entry.watcher, nullptr))
    watcher(result);
  env_->publish(event_kind::task_removed, entry, [](event&) {});
  answer_waiting(entry);
  auto actor = std::exchange(entry.actor, nullptr);
  if (actor && result.kind != outcome_kind::crashed)
    put_actor(std::move(actor));
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

// -- shutdown -----------------------------------------------------------------

void registry_state::on_drain() {
  start_admitted();
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
  start_admitted();
  if (!draining_ || settle_key_ != 0)
    return;
  std::vector<registry_entry*> starved;
  table_.for_each([&](registry_entry& entry) {
    if (withdraw(entry)) {
      starved.push_back(&entry);
      return;
    }
    aborted_.push_back(entry.name);
    post(entry.actor, abort_task{entry.id});
  });
  for (auto* entry : starved)
    end_without_actor(*entry);
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
    if (entry.hangs())
      report.left.push_back(entry.info(now));
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
