#pragma once

#include "taskvisor/events/actors.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

namespace taskvisor::test {

/// An actor system with real threads that knows the messages of events. Its
/// destructor waits for the end of every actor.
class events_system {
  using block = caf::id_block::taskvisor_events;

  struct before_config {
    before_config() { detail::init_type_blocks<block>(); }
  };

  struct config : before_config, caf::actor_system_config {
    config() {
      detail::add_type_blocks<block>(*this);
      set(std::string{detail::caf_prefix} + "scheduler.max-threads", 2);
      detail::prefer_good_scheduler(*this);
    }
  };

  config config_;

public:
  caf::actor_system system{config_};

  /// Returns when the actor has ended: what it wrote may be read then. An
  /// empty handle stands for one that is gone.
  template <class Handle>
  void wait_for(const Handle& actor) {
    if (!actor)
      return;
    caf::scoped_actor self{system};
    self->wait_for(actor);
  }
};

} // namespace taskvisor::test
