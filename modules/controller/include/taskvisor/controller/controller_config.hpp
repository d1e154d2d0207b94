#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace taskvisor {

/// The settings of a controller; immutable once it was attached.
struct controller_config {
  /// Commands that may wait for the controller, at least 1. `submit` waits for
  /// room, `try_submit` fails with `controller_full`.
  std::size_t queue_capacity = 1024;

  /// How many submissions may wait in one slot until those with the policy
  /// `queue` are refused. 0: they never wait.
  std::size_t max_slot_queue = 100;

  /// How many actors share the slots by the hash of their keys, 1 to 1024.
  /// What is promised of one slot does not depend on it.
  std::uint32_t shards = 1;

  /// How long a submission may wait that says nothing itself; 0 is no limit.
  duration max_wait{0};

  controller_config with_queue_capacity(std::size_t x) const;
  controller_config with_max_slot_queue(std::size_t x) const;
  controller_config with_shards(std::uint32_t x) const;
  controller_config with_max_wait(duration x) const;

  /// The first field that is out of bounds.
  std::optional<config_error> validate() const;
};

} // namespace taskvisor
