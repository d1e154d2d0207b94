#pragma once

#include <cstdint>

namespace taskvisor::detail {

/// The signals that ask a process to stop: SIGINT, SIGTERM, SIGQUIT.
enum class stop_signal : std::uint8_t { interrupt, terminate, quit };

/// What the signal monitor does about one of them.
enum class signal_action : std::uint8_t {
  none,
  /// Start the graceful shutdown.
  request_shutdown,
  /// Publish a dump of the state, then start the graceful shutdown. If it runs
  /// already, only the dump is new.
  dump_then_shutdown,
  /// Skip the rest of the grace: force-abort what still runs.
  abort_now,
  /// End the process at once with code 130.
  exit_130,
};

/// Rule D-9 as a state machine over the signals of one `run`, in order.
///
/// - Terminate is idempotent: an orchestrator may send it twice, and that must
///   not cost anyone the grace.
/// - Quit stops like terminate. It dumps each time, since whoever sends it
///   into a shutdown that hangs wants to see what hangs.
/// - Interrupt comes from a human and escalates: the second forces the abort,
///   the third ends the process. Only interrupts are counted, so a single one
///   never aborts, whatever came before it: wrappers and container tools send
///   a terminate of their own next to the terminal's interrupt.
class signal_policy {
public:
  signal_action on_signal(stop_signal signal) noexcept;

private:
  signal_action on_interrupt() noexcept;
  signal_action request_once() noexcept;

  bool stopping_ = false;
  std::uint8_t interrupts_ = 0;
};

} // namespace taskvisor::detail
