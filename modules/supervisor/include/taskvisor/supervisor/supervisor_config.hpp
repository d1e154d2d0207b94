#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <caf/settings.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace taskvisor {

/// The settings of one supervisor; immutable once it was built. Fill the
/// fields in directly or chain the setters.
struct supervisor_config {
  /// How long stopping tasks may take before they are aborted; for a removal
  /// and, as one deadline, for the whole shutdown. Zero: aborted at once.
  duration grace = std::chrono::seconds{60};

  /// How long subscribers may take to work off their queues at shutdown, one
  /// deadline for all. Zero: queued events are dropped.
  duration subscriber_grace = std::chrono::seconds{5};

  /// How many attempts run at the same time; 0 is no limit. Registered tasks
  /// that wait, back off or sleep between runs do not count.
  std::uint32_t max_concurrent = 0;

  /// Management commands that may wait for the registry, at least 1. `add`
  /// waits for room, `try_add` fails with `command_queue_full`.
  std::size_t command_queue_capacity = 1024;

  /// Threads for blocking bodies and offloaded functions, started when first
  /// needed, at least 1.
  std::size_t blocking_threads = 16;

  /// Threads of the actor system that the supervisor creates for itself, at
  /// least 1. 0 is what `system` says, or else one for each core and two at
  /// least. Without meaning in a host's system.
  std::size_t worker_threads = 0;

  /// Supervisor, registry and timers run on threads of their own, so that
  /// signals, deadlines and `list` work while user code holds every worker.
  /// Without, an outcome that somebody waits for comes sooner, since fewer
  /// threads are woken for it, but a shutdown of many takes longer.
  bool dedicated_threads = true;

  /// Where jitter comes from; 0 draws a seed.
  std::uint64_t seed = 0;

  /// What tasks inherit.
  task_defaults defaults;

  /// CAF's own options, such as those of its scheduler and its logger, for the
  /// actor system that the supervisor creates for itself. `read_config` fills
  /// it in. Without meaning in a host's system.
  caf::settings system;

  supervisor_config with_grace(duration x) const;
  supervisor_config with_subscriber_grace(duration x) const;
  supervisor_config with_max_concurrent(std::uint32_t x) const;
  supervisor_config with_command_queue_capacity(std::size_t x) const;
  supervisor_config with_blocking_threads(std::size_t x) const;
  supervisor_config with_worker_threads(std::size_t x) const;
  supervisor_config with_dedicated_threads(bool x) const;
  supervisor_config with_seed(std::uint64_t x) const;
  supervisor_config with_defaults(task_defaults x) const;

  /// The first field that is out of bounds.
  std::optional<config_error> validate() const;
};

} // namespace taskvisor
