#pragma once

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <string>

namespace taskvisor::test {

/// Replies 7 to the last number that it got when it gets a text.
inline caf::actor spawn_slow(caf::actor_system& system) {
  return system.spawn([](caf::event_based_actor* self) -> caf::behavior {
    using promise = caf::typed_response_promise<int>;
    auto waiting = std::make_shared<promise>();
    return {
      [=](int) -> caf::result<int> {
        *waiting = self->make_response_promise<int>();
        return *waiting;
      },
      [=](const std::string&) { waiting->deliver(7); },
    };
  });
}

} // namespace taskvisor::test
