#pragma once

#include "overflow_rule.hpp"

#include "taskvisor/events/detail/lingering_actor.hpp"
#include "taskvisor/subscribers/subscriber.hpp"

#include <memory>
#include <string>

namespace taskvisor::detail {

struct subscriber_setup {
  std::string name;
  std::shared_ptr<event_queue> queue;
  /// Weakly: the publisher holds the subscriber's actor.
  std::weak_ptr<event_publisher> publisher;
  event_callback callback;
  /// None: it does not follow the state.
  snapshot_callback on_snapshot;
};

/// The actor of one subscriber.
class subscriber_state : public lingering_actor<state_follower_actor::base> {
public:
  subscriber_state(caf::actor_config& cfg, subscriber_setup setup);

  const char* name() const override { return "taskvisor.subscriber"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  void on_event(const event& x);
  void on_close_sink();
  void on_snapshot(const state_snapshot& x);
  void on_refresh_state();

  void call(const event& x);
  /// Calls user code; tells of what it throws unless that is not wanted.
  template <class F>
  void guarded(F f, bool tell_throws);
  void tell_lost(std::uint64_t number);
  void tell(event x);
  void refresh_later();

  subscriber_setup setup_;
  overflow_rule overflow_;
  /// It has asked for the state again, or will.
  bool refresh_due_ = false;
  caf::actor_clock::time_point asked_at_;
  caf::actor_clock::duration_type answer_took_{0};
};

} // namespace taskvisor::detail
