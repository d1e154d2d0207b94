#include "registry_state.hpp"

#include "task_performer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace taskvisor::detail {

namespace {

/// Above the keys of all task actors.
constexpr std::uint64_t first_registry_key = std::uint64_t{1} << 63;

/// Task actors that are kept for the next tasks.
constexpr std::size_t max_idle_actors = 4096;

/// Tasks that are told to start together, at most.
constexpr std::size_t starts_at_once = 256;

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
  : lingering_actor(cfg), env_(std::move(env)), next_key_(first_registry_key) {}

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
  admitted_.clear();
  env_ = nullptr;
}

void registry_state::resolve_rest(const outcome& result) {
  for (auto* x : in_order()) {
    auto entry = table_.take(*x);
    caf::anon_send_exit(entry->actor, caf::exit_reason::kill);
    entry->actor = nullptr;
    if (entry->watcher)
      std::exchange(entry->watcher, nullptr)(result);
    answer_waiting(*entry);
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
    batch.items.size(),
    [&](std::size_t i) { return std::string_view{batch.items[i].spec.name()}; },
    [this](std::string_view name) { return table_.has(name); });
  if (verdict.admitted())
    admit(batch);
  else
    refuse(batch, verdict);
  batch.credit.reset();
}

void registry_state::admit(admission& batch) {
  auto now = env_->now();
  for (auto& item : batch.items) {
    auto entry = std::make_shared<registry_entry>(std::move(item),
                                                  env_->config.defaults, now);
    entry->actor = take_actor();
    table_.insert(entry);
    env_->publish(event_kind::task_added, *entry,
                  [](event& x) { x.state = task_state::starting; });
    admitted_.push_back(std::move(entry));
  }
  std::exchange(batch.decided, nullptr)(caf::error{});
  if (batch.items.empty())
    check_empty(); // `run` with nothing asks whether there is anything
  // No body starts before the whole batch is in.
  if (admitted_.size() >= starts_at_once || !has_thread())
    start_admitted();
}

void registry_state::start_admitted() {
  for (auto& x : admitted_) {
    auto* actor = &x->actor;
    post(*actor, start_task{std::move(x)});
  }
  admitted_.clear();
  delayed_ = 0;
}

void registry_state::delay_admitted() {
  if (!admitted_.empty() && ++delayed_ >= starts_at_once)
    start_admitted();
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

void registry_state::refuse(new_task& task, rejection why,
                            const std::string& reason) {
  env_->publish(event_kind::task_add_failed, task.id, task.spec.name(),
                [&](event& x) {
                  x.outcome = outcome_kind::rejected;
                  x.rejected = why;
                  x.reason = reason;
                });
  if (task.watcher)
    task.watcher(rejected(why, reason));
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

// -- views --------------------------------------------------------------------

void registry_state::on_read(const read_tasks& x) {
  delay_admitted();
  auto present = in_order();
  state_snapshot result;
  result.tasks.reserve(present.size());
  auto write = [&](std::uint64_t seq) {
    result.seq = seq;
    auto now = env_->now();
    for (const auto* entry : present)
      result.tasks.push_back(entry->info(now));
    x.request->done(std::move(result));
  };
  if (x.request->at_rest)
    env_->publisher->at_rest(write);
  else
    write(0);
}

std::vector<registry_entry*> registry_state::in_order() {
  std::vector<registry_entry*> result;
  result.reserve(table_.size());
  table_.for_each([&](registry_entry& entry) { result.push_back(&entry); });
  // Ids count up, and so do the table's places: most often they are in order.
  auto id_of = [](const auto* x) { return x->id; };
  if (!std::ranges::is_sorted(result, {}, id_of))
    std::ranges::sort(result, {}, id_of);
  return result;
}

// -- permits ------------------------------------------------------------------

void registry_state::on_permit_wanted(const permit_wanted& x) {
  delay_admitted();
  wanting_.push_back(x.id);
  grant_permits();
}

void registry_state::on_permit_returned() {
  delay_admitted();
  --running_;
  grant_permits();
}

void registry_state::on_resize(const resize_permits& x) {
  start_admitted();
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
    post(entry.actor, permit_granted{entry.id});
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

} // namespace taskvisor::detail
