#pragma once

#include <caf/actor_system_config.hpp>

namespace taskvisor {

/// Registers taskvisor's message types. A host that has its own configuration
/// class calls both: `init_types` before any `caf::actor_system_config` exists
/// (CAF 1.x), `add_types` on the configuration (CAF 0.17).
void init_types();
void add_types(caf::actor_system_config& cfg);

/// A configuration with taskvisor's message types, for hosts without their
/// own. On 0.17.6 it also chooses the scheduler that is not quadratic.
class system_config : public caf::actor_system_config {
public:
  system_config();
};

} // namespace taskvisor
