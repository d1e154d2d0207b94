#include "taskvisor/supervisor/system_config.hpp"

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/error.hpp"
#include "taskvisor/supervisor/management.hpp"

namespace taskvisor {

using events_block = caf::id_block::taskvisor_events;
using supervisor_block = caf::id_block::taskvisor_supervisor;

void init_types() {
  detail::init_type_blocks<events_block, supervisor_block>();
}

void add_types(caf::actor_system_config& cfg) {
  detail::add_type_blocks<events_block, supervisor_block>(cfg);
  detail::mark_actor_threads(cfg);
}

system_config::system_config() {
  init_types();
  add_types(*this);
  add_options(*this);
  detail::prefer_good_scheduler(*this);
}

} // namespace taskvisor
