#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/supervisor/supervisor_config.hpp"

#include <string>

namespace taskvisor {

/// Registers taskvisor's message types. A host that has its own configuration
/// class calls both: `init_types` before any `caf::actor_system_config` exists
/// (CAF 1.x), `add_types` on the configuration (CAF 0.17).
void init_types();
void add_types(caf::actor_system_config& cfg);

/// Declares the options `taskvisor.*`, so that CAF reads them from its config
/// file and command line and lists them. For hosts with a configuration class
/// of their own; before `parse`. A second call does nothing.
void add_options(caf::actor_system_config& cfg);

/// What the parsed options `taskvisor.*` say, and `defaults` where they say
/// nothing; see docs/configuration.md. The error is `invalid_config` and names
/// option, value and bound: of the wrong type, out of bounds, or no option of
/// taskvisor at all. CAF's own options go into `supervisor_config::system`.
caf::expected<supervisor_config> read_config(
  const caf::actor_system_config& cfg, supervisor_config defaults = {});

/// The options `taskvisor.*` that give this configuration, in the syntax of
/// CAF's config file; what `read_config` makes of them is the same
/// configuration, but for `supervisor_config::system`.
std::string dump(const supervisor_config& config);

/// A configuration with taskvisor's message types and options, for programs
/// without their own. On 0.17.6 it also chooses the scheduler that is not
/// quadratic. With both CAFs it has `parse(argc, argv, file)`, for a file that
/// need not exist, and `helptext_printed()`.
class system_config : public detail::config_base {
public:
  system_config();
};

namespace detail {

/// The message types of a module above this one, registered with the others.
struct type_block {
  void (*init)();
  void (*add)(caf::actor_system_config&);
};

/// Before `main`: a module that is linked makes itself known. Always true.
bool add_type_block(type_block block);

} // namespace detail

} // namespace taskvisor
