#pragma once

#include "restart_decision.hpp"
#include "runtime.hpp"

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/random_source.hpp"
#include "taskvisor/supervisor/task_context.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace taskvisor::detail {

/// How an attempt ended; without a reason unless it failed.
struct attempt_end {
  attempt_result result = attempt_result::succeeded;
  std::string reason;
  std::optional<std::int32_t> exit_code;
};

/// One registered task at a time, all its attempts: permit, attempt, decision,
/// delay, and again. Idle between two tasks.
class task_performer final : public task_actor::base, public task_core {
public:
  /// `number` is this actor's own in its supervisor.
  task_performer(caf::actor_config& cfg, std::shared_ptr<runtime> env,
                 std::uint32_t number);

  behavior_type make_behavior() override;
  const char* name() const override { return "taskvisor.task"; }
  void on_exit() override;

private:
  using state = taskvisor::task_state;

  enum class phase : std::uint8_t { idle, waiting, running, delayed };

  /// The actor's own timers, below `first_leaf_slot`.
  enum own_slot : std::uint32_t { timeout_slot, grace_slot, delay_slot };

  // -- messages
  void on_start(start_task& x);
  void on_stop(const stop_task& x);
  void on_abort(const abort_task& x);
  void on_permit(const permit_granted& x);
  void on_wake(const wake& x);

  // -- the loop
  void next_attempt();
  void run_attempt();
  void attempt_over(attempt_end end);
  void perform(const end_task& decision, attempt_end end);
  void perform(const run_again& decision, const std::string& reason);
  void finish(outcome result);
  void report_end(task_id id, outcome result);
  void drop();

  // -- one attempt: task_attempt.cpp
  void begin_body();
  void stop_attempt(stop_reason reason);
  void conclude();
  void on_timeout();
  void on_grace_over();
  void abort_attempt();
  void destroy_attempt();
  void tell_end(const attempt_end& end, std::int64_t now, duration took);

  // -- own timers
  void arm_own(own_slot slot, duration delay);
  void disarm_own(own_slot slot) noexcept;

  // -- task_core
  task_actor::pointer self() noexcept override { return this; }
  task_actor handle() override { return task_actor{this}; }
  void arm(duration delay, wake_token token) override;
  void disarm(std::uint64_t key) noexcept override;
  runtime& env() noexcept override { return *env_; }
  const std::shared_ptr<task_record>& record() const noexcept override {
    return record_;
  }
  void on_resumed() override;

  std::shared_ptr<runtime> env_;
  std::shared_ptr<task_record> record_;
  splitmix64 random_;
  std::optional<task_context> context_;
  attempt root_;
  std::int64_t started_ = 0;
  std::uint64_t own_keys_[3] = {};
  std::uint32_t attempt_ = 0;
  std::uint32_t retries_ = 0;
  phase phase_ = phase::idle;
  bool stop_requested_ = false;
  bool holds_permit_ = false;
  bool timed_out_ = false;
  bool aborting_ = false;
};

} // namespace taskvisor::detail
