#include "signal_monitor_state.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

namespace taskvisor::detail {

namespace {

stop_signal to_stop_signal(int number) noexcept {
  if (number == SIGINT)
    return stop_signal::interrupt;
  return number == SIGQUIT ? stop_signal::quit : stop_signal::terminate;
}

} // namespace

signal_monitor_state::signal_monitor_state(caf::actor_config& cfg,
                                           supervisor_actor supervisor)
  : signal_monitor_actor::base(cfg), supervisor_(std::move(supervisor)) {}

signal_monitor_state::behavior_type signal_monitor_state::make_behavior() {
  return {[this](const os_signal& x) { on_signal(x); }};
}

void signal_monitor_state::on_exit() {
  supervisor_ = nullptr;
}

void signal_monitor_state::on_signal(const os_signal& x) {
  auto action = policy_.on_signal(to_stop_signal(x.number));
  if (action == signal_action::none)
    return;
  // The operator has asked three times: no destructor may be waited for.
  if (action == signal_action::exit_130)
    std::_Exit(130);
  post_urgent(supervisor_, signal_arrived{static_cast<std::uint8_t>(action)});
}

} // namespace taskvisor::detail
