#pragma once

#include "controller_core.hpp"
#include "slot.hpp"
#include "submission_record.hpp"

#include "taskvisor/events/detail/lingering_actor.hpp"
#include "taskvisor/supervisor/pending.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace taskvisor::detail {

/// What one shard of a controller starts with.
struct shard_setup {
  controller_config config;
  admission_port port;
  std::shared_ptr<command_gate> gate;
  std::uint32_t index = 0;
  /// Who gets what this one does not know; null for the last.
  controller_actor next;
  std::weak_ptr<controller_core> core;
};

/// Performs what its slots decide: the only one that moves them.
class controller_state : public lingering_actor<controller_actor::base> {
public:
  controller_state(caf::actor_config& cfg, shard_setup setup);

  const char* name() const override { return "taskvisor.controller"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct slot_lane {
    detail::slot machine;
    /// Since when it has its status and owner.
    std::int64_t since = 0;
    /// The key of the deadline of the owner's stop, 0 if there is none.
    std::uint64_t stop_deadline = 0;
  };

  // A pointer to one holds until it is erased.
  using keyed_lane = std::pair<const std::string, slot_lane>;

  /// Where an owner or one that waits is.
  struct place {
    keyed_lane* at;
    std::shared_ptr<submission_record> record;
  };

  // -- requests of other actors
  caf::result<task_id> on_submit_task(submit_task& x);
  caf::result<task_id> on_watch_submission(watch_submission& x);
  caf::result<slot_cleared> on_clear_request(std::string& key, bool stop_owner);
  caf::result<controller_snapshot> on_list_slots();
  pending<task_id> submit(std::optional<submission> what, outcome_sink watcher);
  template <class T>
  caf::result<T> reply(pending<T> answer);

  // -- commands
  void on_admit(const admit_task& x);
  void on_stop(const stop_tasks& x);
  void on_clear(const clear_slot& x);
  void on_read(const read_slots& x);
  void on_close();

  // -- answers
  void on_decided(const add_decided& x);
  void on_ended(const owner_ended& x);
  void on_removal_ordered(const removal_ordered& x);
  void on_wake(const wake& x);
  void forget_owner(task_id id);

  /// Gives one input to a slot and performs what follows; false if it was
  /// stale. Forgets the slot if nothing is left of it. `marker` is the reason
  /// of removals on request.
  template <class Input>
  bool drive(keyed_lane& at, Input input, const char* marker = "");

  // -- effects
  void perform(keyed_lane& at, const slot_effect& x, const char* marker);
  void hand_over_to_registry(task_id id);
  void order_stop(keyed_lane& at, task_id owner);
  void reject_submission(const keyed_lane& at, const reject& x,
                         const char* marker);
  std::string reason_of(const keyed_lane& at, const submission_record& record,
                        rejection why) const;

  // -- events
  void publish_accepted(const keyed_lane& at, task_id id);
  void publish_changed(const keyed_lane& at, const say_changed& x);
  void publish_removal_failed(const keyed_lane& at, task_id owner);
  void publish_rejected(const std::string& slot, const submission_record& x,
                        const outcome& why);

  // -- deadlines
  std::uint64_t arm(duration delay, task_id id);
  void disarm(std::uint64_t& key);
  duration since(std::int64_t start) const;

  shard_setup setup_;
  std::unordered_map<std::string, slot_lane> slots_;
  std::unordered_map<task_id, place> places_;
  /// Of those that wait with a limit, and of owners that are to stop.
  std::unordered_map<std::uint64_t, task_id> deadlines_;
  /// Who waits for an owner's end.
  std::unordered_multimap<task_id, std::shared_ptr<clear_request>> waiting_;
  std::uint64_t last_key_;
  bool closed_ = false;
};

} // namespace taskvisor::detail
