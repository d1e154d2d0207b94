#pragma once

#include "signal_policy.hpp"

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/management.hpp"

namespace taskvisor::detail {

/// Turns the signals of one `run` into wishes for its supervisor.
class signal_monitor_state : public signal_monitor_actor::base {
public:
  signal_monitor_state(caf::actor_config& cfg, supervisor_actor supervisor);

  behavior_type make_behavior() override;
  const char* name() const override { return "taskvisor.signal_monitor"; }
  void on_exit() override;

private:
  void on_signal(const os_signal& x);

  supervisor_actor supervisor_;
  signal_policy policy_;
};

} // namespace taskvisor::detail
