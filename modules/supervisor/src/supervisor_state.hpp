#pragma once

#include "runtime.hpp"

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/run_result.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace taskvisor::detail {

/// The one `run` of a supervisor.
struct run_request {
  std::shared_ptr<admission> batch;
  /// Called once, with why nothing was started or an empty error.
  std::function<void(const caf::error&, const shutdown_report&)> done;
  /// The batch was refused; the supervisor stays up.
  std::atomic<bool> refused{false};
};

struct shutdown_request {
  /// False for the end of the last owner, which nobody asked for by name.
  bool requested = true;
  std::function<void(const shutdown_report&)> done;
};

/// One tree node: the phase, and the shutdown as a sequence of
/// open -> draining -> closing (the subscribers) -> closed.
class supervisor_state : public supervisor_actor::base {
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

  void on_run(const request_run& x);
  void on_shutdown(const request_shutdown& x);
  void on_signal(const signal_arrived& x);
  void on_registry_empty();
  void on_drained(tasks_drained& x);
  void on_child_ended(const child_ended& x);
  void on_wake(const wake& x);

  void begin_shutdown(bool requested);
  void close_layers();
  void check_drained();
  void publish_failure(const child_ended& x);
  void publish_state();
  void publish_verdict();
  void close_subscribers();
  void close();

  std::shared_ptr<runtime> env_;
  phase phase_ = phase::open;
  std::shared_ptr<run_request> run_;
  std::vector<std::shared_ptr<shutdown_request>> waiting_;
  shutdown_report report_;
  bool drained_ = false;
  std::size_t ended_layers_ = 0;
  std::size_t open_subscribers_ = 0;
  /// A signal, which only `run` takes, began the shutdown.
  bool stopped_by_signal_ = false;
};

} // namespace taskvisor::detail
