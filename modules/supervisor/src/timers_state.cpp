#include "timers_state.hpp"

#include <utility>

namespace taskvisor::detail {

timers_state::behavior_type timers_state::make_behavior() {
  return {
    [this](arm_timer& x) { on_arm(x); },
    [this](const disarm_timer& x) { on_disarm(x); },
    [this](const timer_tick& x) { on_tick(x); },
  };
}

void timers_state::on_exit() {
  queue_ = timer_queue<wake_target>{};
}

void timers_state::on_arm(arm_timer& x) {
  queue_.arm(x.due, x.key, wake_target{std::move(x.who), x.slot});
  rearm();
}

void timers_state::on_disarm(const disarm_timer& x) {
  queue_.disarm(x.key);
}

void timers_state::on_tick(const timer_tick& x) {
  if (x.generation == generation_)
    armed_.reset();
  fire_due();
  rearm();
}

void timers_state::fire_due() {
  auto now = clock().now().time_since_epoch().count();
  queue_.pop_due(now, [](std::uint64_t key, wake_target&& to) {
    post_shared(to.who, caf::make_message(wake{key, to.slot}));
  });
}

void timers_state::rearm() {
  auto due = queue_.next_due();
  if (!due || (armed_ && *armed_ <= *due))
    return;
  armed_ = due;
  scheduled_anon_send(
    timers_actor{this},
    caf::actor_clock::time_point{caf::actor_clock::duration_type{*due}},
    timer_tick{++generation_});
}

} // namespace taskvisor::detail
