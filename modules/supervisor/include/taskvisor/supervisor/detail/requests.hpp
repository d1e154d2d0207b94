/// What travels into the registry from handles and from layers before it.
#pragma once

#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_id.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/detail/command_gate.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace taskvisor::detail {

/// Delivers a submission's one outcome. Called on the registry's thread, or on
/// none if the process ends without it; must not block.
using outcome_sink = std::function<void(const outcome&)>;

/// Takes the decision about an add or a submit, once; an empty error means
/// that it was taken.
using decision_sink = std::function<void(const caf::error&)>;

/// Asks for one task to be stopped.
struct stop_request {
  enum class mode : std::uint8_t { remove, cancel };

  mode how = mode::remove;
  task_id id;
  /// Looked up by the registry if the id is empty.
  std::string name;
  /// How long `cancel` waits for the cleanup; negative is without limit.
  duration limit{-1};
  /// `remove`: right after the claim; `cancel`: after the cleanup.
  std::function<void(caf::expected<bool>)> done;
  command_credit credit;
  /// The registry's: whether this request made the claim, and its limit's key.
  bool claimed = false;
  std::uint64_t key = 0;
};

} // namespace taskvisor::detail
