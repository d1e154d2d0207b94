#pragma once

#include "timer_queue.hpp"

#include "taskvisor/events/detail/lingering_actor.hpp"
#include "taskvisor/supervisor/actors.hpp"

#include <cstdint>
#include <optional>

namespace taskvisor::detail {

/// Who is woken, and for which of its awaits.
struct wake_target {
  caf::strong_actor_ptr who;
  std::uint32_t slot = 0;
};

/// Every pending deadline of one supervisor. CAF's own clock is quadratic on
/// 1.1.0 and cannot cancel on 0.17.6: it only carries the earliest one.
class timers_state : public lingering_actor<timers_actor::base> {
public:
  explicit timers_state(caf::actor_config& cfg) : lingering_actor(cfg) {}

  behavior_type make_behavior() override;
  const char* name() const override { return "taskvisor.timers"; }
  void on_exit() override;

private:
  void on_arm(arm_timer& x);
  void on_disarm(const disarm_timer& x);
  void on_tick(const timer_tick& x);

  void fire_due();
  void rearm();

  timer_queue<wake_target> queue_;
  /// When CAF's timer of the newest generation is due.
  std::optional<std::int64_t> armed_;
  std::uint64_t generation_ = 0;
};

} // namespace taskvisor::detail
