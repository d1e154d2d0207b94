#include "signal_policy.hpp"

namespace taskvisor::detail {

signal_action signal_policy::on_signal(stop_signal signal) noexcept {
  switch (signal) {
    case stop_signal::interrupt:
      return on_interrupt();
    case stop_signal::terminate:
      return request_once();
    case stop_signal::quit:
      stopping_ = true;
      return signal_action::dump_then_shutdown;
  }
  return signal_action::none;
}

signal_action signal_policy::on_interrupt() noexcept {
  // Saturates: the fourth interrupt, if there is time for one, ends it too.
  if (interrupts_ < 3)
    ++interrupts_;
  if (interrupts_ == 3)
    return signal_action::exit_130;
  return interrupts_ == 2 ? signal_action::abort_now : request_once();
}

signal_action signal_policy::request_once() noexcept {
  if (stopping_)
    return signal_action::none;
  stopping_ = true;
  return signal_action::request_shutdown;
}

} // namespace taskvisor::detail
