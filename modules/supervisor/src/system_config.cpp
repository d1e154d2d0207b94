#include "taskvisor/supervisor/system_config.hpp"

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/error.hpp"
#include "taskvisor/supervisor/management.hpp"

#include <vector>

namespace taskvisor {

using events_block = caf::id_block::taskvisor_events;
using supervisor_block = caf::id_block::taskvisor_supervisor;

namespace {

/// Written before `main` only.
std::vector<detail::type_block>& further_blocks() {
  static std::vector<detail::type_block> blocks;
  return blocks;
}

} // namespace

bool detail::add_type_block(type_block block) {
  further_blocks().push_back(block);
  return true;
}

void init_types() {
  detail::init_type_blocks<events_block, supervisor_block>();
  for (const auto& block : further_blocks())
    block.init();
}

void add_types(caf::actor_system_config& cfg) {
  detail::add_type_blocks<events_block, supervisor_block>(cfg);
  for (const auto& block : further_blocks())
    block.add(cfg);
  detail::mark_actor_threads(cfg);
}

system_config::system_config() {
  init_types();
  add_types(*this);
  add_options(*this);
  detail::prefer_good_scheduler(*this);
}

} // namespace taskvisor
