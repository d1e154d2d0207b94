#pragma once

#include "taskvisor/controller/actors.hpp"
#include "taskvisor/controller/controller_config.hpp"
#include "taskvisor/supervisor/detail/command_gate.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace taskvisor::detail {

/// What the handles of one controller share. Holds nothing of the supervisor,
/// which holds it.
struct controller_core {
  controller_config config;
  std::shared_ptr<command_gate> gate;
  std::vector<controller_actor> shards;

  const controller_actor& shard_of(std::string_view key) const {
    return shards[std::hash<std::string_view>{}(key) % shards.size()];
  }
};

/// What a closed controller answers to commands.
caf::error closed_error();

} // namespace taskvisor::detail
