#include "supervisor_state.hpp"

#include "signal_policy.hpp"

#include "taskvisor/events/actors.hpp"

#include <fmt/format.h>

#include <utility>

namespace taskvisor::detail {

namespace {

constexpr std::string_view subscriber_component = "subscriber";
constexpr std::string_view layer_component = "controller";
constexpr std::string_view timers_component = "timers";

std::string state_text(const std::vector<task_info>& tasks) {
  auto result = fmt::format("{} tasks", tasks.size());
  for (const auto& x : tasks)
    result += fmt::format("; {} {}", to_string(x.id), to_string(x));
  return result;
}

} // namespace

supervisor_state::supervisor_state(caf::actor_config& cfg,
                                   std::shared_ptr<runtime> env)
  : lingering_actor(cfg), env_(std::move(env)) {}

supervisor_state::behavior_type supervisor_state::make_behavior() {
  return {
    [this](add_task& x) { return on_add_task(x); },
    [this](watch_task& x) { return on_watch_task(x); },
    [this](remove_task& x) { return on_remove_task(x); },
    [this](cancel_task& x) { return on_cancel_task(x); },
    [this](const list_tasks&) { return on_list_tasks(); },
    [this](const set_concurrency& x) {
      post(env_->registry, resize_permits{x.limit});
    },
    [this](const shut_down&) { return on_shut_down(); },
    [this](const request_run& x) { on_run(x); },
    [this](const request_shutdown& x) { on_shutdown(x); },
    [this](const signal_arrived& x) { on_signal(x); },
    [this](const registry_empty&) { on_registry_empty(); },
    [this](tasks_drained& x) { on_drained(x); },
    [this](const child_ended& x) { on_child_ended(x); },
    [](const deliver_reply& x) { x.deliver(); },
    [this](const wake& x) { on_wake(x); },
  };
}

void supervisor_state::on_exit() {
  if (phase_ != phase::closed && env_) {
    caf::anon_send_exit(env_->registry, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(env_->timers, caf::exit_reason::user_shutdown);
  }
  run_ = nullptr;
  waiting_.clear();
  env_ = nullptr;
}

// -- messages -----------------------------------------------------------------

void supervisor_state::on_run(const request_run& x) {
  if (run_) {
    x.request->done(
      make_error(errc::already_running, "run is called once per supervisor"),
      {});
    return;
  }
  if (phase_ != phase::open && stopped_by_signal_) {
    // `run` came first and began nothing yet: a stop on request, no error.
    run_ = x.request;
    if (phase_ == phase::closed)
      run_->done(failure_, report_);
    return;
  }
  if (phase_ != phase::open) {
    x.request->done(make_error(errc::shutting_down,
                               "run was called after the shutdown began"),
                    report_);
    return;
  }
  run_ = x.request;
  auto batch = make_admission<admission_of_many>(env_, std::move(run_->tasks));
  batch->decided = [run = run_](const caf::error& err) {
    if (err) {
      run->refused = true;
      run->done(err, {});
    }
  };
  env_->gate->enter(std::move(batch), when_full::wait);
}

void supervisor_state::on_shutdown(const request_shutdown& x) {
  if (phase_ == phase::closed) {
    x.request->done(verdict());
    return;
  }
  begin_shutdown(x.request->requested);
  if (!x.request->from_task) {
    waiting_.push_back(x.request);
    return;
  }
  // Behind the drain in the registry's mailbox: the task has been told by then.
  auto fence = std::make_shared<read_request>();
  fence->done = [request = x.request](const auto&) {
    request->done(make_error(errc::stopped, "the shutdown that this task asked "
                                            "for stops it too"));
  };
  post(env_->registry, read_tasks{std::move(fence)});
}

void supervisor_state::on_signal(const signal_arrived& x) {
  stopped_by_signal_ = stopped_by_signal_ || phase_ == phase::open;
  switch (static_cast<signal_action>(x.action)) {
    case signal_action::dump_then_shutdown:
      publish_state();
      break;
    case signal_action::request_shutdown:
      begin_shutdown(true);
      break;
    case signal_action::abort_now:
      begin_shutdown(true);
      if (phase_ == phase::draining)
        post(env_->registry, abort_tasks{});
      break;
    default:
      break;
  }
}

void supervisor_state::on_registry_empty() {
  if (run_ && !run_->refused && phase_ == phase::open)
    begin_shutdown(false);
}

void supervisor_state::on_drained(tasks_drained& x) {
  if (phase_ != phase::draining)
    return;
  post(env_->timers, disarm_timer{drain_deadline});
  report_.aborted = std::move(x.aborted);
  report_.left_behind = std::move(x.left);
  env_->left_behind = !x.clean;
  drained_ = true;
  check_drained();
}

void supervisor_state::check_drained() {
  if (phase_ != phase::draining || !drained_
      || ended_layers_ < env_->layer.close().size())
    return;
  publish_verdict();
  close_subscribers();
}

void supervisor_state::on_child_ended(const child_ended& x) {
  if (x.component == subscriber_component) {
    if (phase_ == phase::closing && --open_subscribers_ == 0)
      close();
    return;
  }
  if (x.component == layer_component) {
    ++ended_layers_;
    if (x.reason) // it crashed: what it admitted runs to its end
      publish_failure(x);
    begin_shutdown(false);
    check_drained();
    return;
  }
  if (phase_ == phase::closed)
    return;
  timers_gone_ = timers_gone_ || x.component == timers_component;
  if (!failure_) {
    // Without its registry or timers a supervisor cannot keep its promises.
    failure_ = make_error(
      errc::runtime_failed,
      fmt::format("the {} ended: {}", x.component, describe(x.reason)));
    publish_failure(x);
    env_->gate->close();
    close_layers();
    caf::anon_send_exit(env_->registry, caf::exit_reason::kill);
  }
  if (phase_ != phase::closing)
    close_subscribers();
  else if (timers_gone_)
    arm(subscribers_deadline, subscribers_due_);
}

void supervisor_state::publish_failure(const child_ended& x) {
  event failure;
  failure.kind = event_kind::runtime_failure;
  failure.task = x.component;
  failure.reason = describe(x.reason);
  env_->publisher->publish(std::move(failure));
}

void supervisor_state::on_wake(const wake& x) {
  if (x.key == drain_deadline && phase_ == phase::draining)
    post(env_->registry, abort_tasks{});
  else if (x.key == subscribers_deadline && phase_ == phase::closing)
    close();
}

// -- the sequence -------------------------------------------------------------

void supervisor_state::arm(deadline_key key, std::int64_t due) {
  auto self = supervisor_actor{this};
  if (timers_gone_)
    scheduled_anon_send(
      self, caf::actor_clock::time_point{caf::actor_clock::duration_type{due}},
      wake{key, 0});
  else
    env_->arm(due, key, 0, self);
}

void supervisor_state::begin_shutdown(bool requested) {
  if (phase_ != phase::open)
    return;
  phase_ = phase::draining;
  // Commands that passed the gate are in the registry's mailbox already, so
  // `drain_tasks` comes behind them: nothing committed is lost.
  env_->gate->close();
  if (requested)
    env_->publish(event_kind::shutdown_requested);
  close_layers();
  post(env_->registry, drain_tasks{});
  if (env_->config.grace > duration::zero())
    arm(drain_deadline, saturating_due(env_->now(), env_->config.grace));
  else
    post(env_->registry, abort_tasks{});
}

void supervisor_state::close_layers() {
  for (const auto& x : env_->layer.close())
    post_urgent(x, close_layer{});
}

void supervisor_state::publish_state() {
  auto request = std::make_shared<read_request>();
  // The dump comes first: it shows what ran before anything was stopped.
  request->done = [env = env_](const state_snapshot& now) {
    event x;
    x.kind = event_kind::state_dump;
    x.reason = state_text(now.tasks);
    env->publisher->publish(std::move(x));
    auto then = static_cast<std::uint8_t>(signal_action::request_shutdown);
    post_urgent(env->supervisor, signal_arrived{then});
  };
  post(env_->registry, read_tasks{std::move(request)});
}

void supervisor_state::publish_verdict() {
  if (report_.within_grace()) {
    env_->publish(event_kind::all_stopped_within_grace);
    return;
  }
  event x;
  x.kind = event_kind::grace_exceeded;
  x.timeout = env_->config.grace;
  x.reason = fmt::format("{}", fmt::join(report_.aborted, ", "));
  env_->publisher->publish(std::move(x));
}

void supervisor_state::close_subscribers() {
  phase_ = phase::closing;
  auto self = supervisor_actor{this};
  for (auto& x : env_->publisher->detach_all()) {
    if (!x.queue) // the host's own actor: not ours to end
      continue;
    ++open_subscribers_;
    caf::actor_cast<caf::actor>(x.sink)->attach_functor(
      [self](const caf::error& reason) {
        post(self, child_ended{std::string{subscriber_component}, reason});
      });
    if (env_->config.subscriber_grace > duration::zero())
      post_shared(x.sink, caf::make_message(close_sink{}));
    else
      caf::anon_send_exit(caf::actor_cast<caf::actor>(x.sink),
                          caf::exit_reason::kill);
  }
  subscribers_due_ = saturating_due(env_->now(), env_->config.subscriber_grace);
  if (open_subscribers_ == 0)
    close();
  else
    arm(subscribers_deadline, subscribers_due_);
}

void supervisor_state::close() {
  phase_ = phase::closed;
  if (open_subscribers_ != 0)
    env_->left_behind = true;
  env_->closed = true;
  post(env_->registry, close_registry{});
  caf::anon_send_exit(env_->timers, caf::exit_reason::user_shutdown);
  for (auto& x : std::exchange(waiting_, {}))
    x->done(verdict());
  if (run_ && !run_->refused)
    run_->done(failure_, report_);
}

caf::expected<shutdown_report> supervisor_state::verdict() const {
  if (failure_)
    return failure_;
  return report_;
}

} // namespace taskvisor::detail
