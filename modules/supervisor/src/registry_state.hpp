#pragma once

#include "admission_rule.hpp"
#include "registry_table.hpp"
#include "runtime.hpp"

#include "taskvisor/events/detail/lingering_actor.hpp"
#include "taskvisor/supervisor/actors.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace taskvisor::detail {

/// The only truth about membership: admits, claims, joins, and delivers every
/// outcome.
class registry_state : public lingering_actor<registry_actor::base> {
public:
  registry_state(caf::actor_config& cfg, std::shared_ptr<runtime> env);

  behavior_type make_behavior() override;
  const char* name() const override { return "taskvisor.registry"; }
  void on_exit() override;

private:
  void on_idle() override { start_admitted(); }

  // -- messages
  void on_add(const add_tasks& x);
  void on_stop(const stop_tasks& x);
  void on_read(const read_tasks& x);
  void on_ended(task_ended& x);
  void on_stuck(const attempt_stuck& x);
  void on_permit_wanted(const permit_wanted& x);
  void on_permit_returned();
  void on_resize(const resize_permits& x);
  void on_drain();
  void on_abort_all();
  void on_close();
  void on_wake(const wake& x);

  /// All tasks, by their ids.
  std::vector<registry_entry*> in_order();

  // -- admission
  void admit(admission& batch);
  void refuse(admission& batch, const admission_verdict& verdict);
  void refuse_late(admission& batch);
  void refuse(new_task& task, rejection why, const std::string& reason);
  /// Tells those in `admitted_`: before any other message to a task's actor.
  void start_admitted();
  /// Something else was done instead, which must not go on for ever.
  void delay_admitted();
  task_actor take_actor();
  void put_actor(task_actor x);

  // -- removal: registry_removal.cpp
  void claim(registry_entry& entry);
  void tell_to_stop(registry_entry& entry);
  void arm_removal(registry_entry& entry, duration delay);
  void on_removal_due(registry_entry& entry);
  /// False if its user code runs, which only its actor can end.
  bool withdraw(task_record& record) const;
  void end_without_actor(registry_entry& entry);
  void mark_stuck(registry_entry& entry);
  /// Frees id and name, and tells everybody.
  void clean_up(registry_entry& entry, outcome result);
  void answer_waiting(registry_entry& entry);
  void resolve_rest(const outcome& result);
  void check_empty();
  void await_settled();
  void on_settle_time();
  void report_drained();

  // -- permits
  void charge_running();
  void grant_permits();

  struct deadline {
    task_id id;
    /// Set for the limit of a cancel, empty for the grace of a removal.
    std::shared_ptr<stop_request> cancel;
  };

  std::uint64_t arm_deadline(duration delay, deadline what);

  std::shared_ptr<runtime> env_;
  registry_table table_;
  std::vector<task_actor> idle_;
  std::unordered_map<std::uint64_t, deadline> deadlines_;
  std::deque<task_id> wanting_;
  /// Registered, but not told yet: many at once wake CAF's workers less often.
  std::vector<std::shared_ptr<registry_entry>> admitted_;
  std::size_t delayed_ = 0;
  std::uint64_t next_key_;
  std::uint32_t actors_ = 0;
  std::uint32_t running_ = 0;
  bool draining_ = false;
  bool drained_ = false;
  /// Some task actors did not come to run when they were to stop.
  bool starved_ = false;
  /// The shutdown's deadline has passed: who missed it, and how many of them
  /// were left when last looked.
  std::vector<std::string> aborted_;
  std::size_t unsettled_ = 0;
  std::uint64_t settle_key_ = 0;
};

} // namespace taskvisor::detail
