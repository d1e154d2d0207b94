#pragma once

#include "runtime.hpp"

#include "taskvisor/events/detail/lingering_actor.hpp"
#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/pending.hpp"
#include "taskvisor/supervisor/run_result.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace taskvisor::detail {

/// The one `run` of a supervisor.
struct run_request {
  std::vector<new_task> tasks;
  /// Called once, with why nothing was started, why it broke off, or an empty
  /// error.
  std::function<void(const caf::error&, const shutdown_report&)> done;
  /// The batch was refused; the supervisor stays up.
  std::atomic<bool> refused{false};
};

struct shutdown_request {
  /// False for the end of the last owner, which nobody asked for by name.
  bool requested = true;
  /// A task of this supervisor asks: it is answered once it was told to stop,
  /// since it cannot wait for its own end.
  bool from_task = false;
  std::function<void(caf::expected<shutdown_report>)> done;
};

/// One tree node: the phase, and the shutdown as a sequence of
/// open -> draining -> closing (the subscribers) -> closed.
class supervisor_state : public lingering_actor<supervisor_actor::base> {
public:
  supervisor_state(caf::actor_config& cfg, std::shared_ptr<runtime> env);

  behavior_type make_behavior() override;
  const char* name() const override { return "taskvisor.supervisor"; }
  void on_exit() override;

private:
  enum class phase : std::uint8_t { open, draining, closing, closed };

  /// The deadlines of the sequence; each is armed once.
  enum deadline_key : std::uint64_t {
    drain_deadline = std::uint64_t{3} << 62,
    subscribers_deadline,
  };

  // -- clients' requests: management_replies.cpp
  caf::result<task_id> on_add_task(add_task& x);
  caf::result<task_id> on_watch_task(watch_task& x);
  caf::result<bool> on_remove_task(remove_task& x);
  caf::result<bool> on_cancel_task(cancel_task& x);
  caf::result<std::vector<task_info>> on_list_tasks();
  caf::result<shutdown_report> on_shut_down();
  pending<task_id> add(task_id id, std::optional<task_spec> spec,
                       outcome_sink watcher);
  template <class T>
  caf::result<T> reply(pending<T> answer);

  void on_run(const request_run& x);
  void on_shutdown(const request_shutdown& x);
  void on_signal(const signal_arrived& x);
  void on_registry_empty();
  void on_drained(tasks_drained& x);
  void on_child_ended(const child_ended& x);
  void on_wake(const wake& x);

  void arm(deadline_key key, std::int64_t due);
  void begin_shutdown(bool requested);
  void close_layers();
  void check_drained();
  void publish_failure(const child_ended& x);
  void publish_state();
  void publish_verdict();
  void close_subscribers();
  void close();
  caf::expected<shutdown_report> verdict() const;

  std::shared_ptr<runtime> env_;
  phase phase_ = phase::open;
  std::shared_ptr<run_request> run_;
  std::vector<std::shared_ptr<shutdown_request>> waiting_;
  shutdown_report report_;
  bool drained_ = false;
  std::size_t ended_layers_ = 0;
  std::size_t open_subscribers_ = 0;
  std::int64_t subscribers_due_ = 0;
  /// The registry or the timers died: what everybody is told.
  caf::error failure_;
  bool timers_gone_ = false;
  /// A signal, which only `run` takes, began the shutdown.
  bool stopped_by_signal_ = false;
};

} // namespace taskvisor::detail
