/// The protocol of the events module: every type of its block is complete
/// here, as CAF 1.x needs it for their registration.
#pragma once

#include "taskvisor/events/error.hpp"
#include "taskvisor/events/event.hpp"
#include "taskvisor/events/type_ids.hpp"

namespace taskvisor {

/// From the supervisor, after the last event: deliver what is queued, then end.
struct close_sink {
  friend bool operator==(close_sink, close_sink) = default;

  static constexpr auto wire_name = "taskvisor::close_sink";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// From a subscriber to itself: ask for the state once more.
struct refresh_state {
  static constexpr auto wire_name = "taskvisor::refresh_state";
  static constexpr auto wire_fields() { return std::tuple{}; }
};

/// What listens to events. Any CAF actor that takes `event` may be attached,
/// typed or not; one that takes `close_sink` too is drained at shutdown.
using event_sink_actor = caf::typed_actor<
  // From a publisher: one observation; nothing is replied.
  detail::sig<void(event)>,
  // From the supervisor: no event follows; quit when done.
  detail::sig<void(close_sink)>>;

/// One that also wants to know what there was before.
using state_follower_actor = event_sink_actor::extend<
  // From the registry, to who asked the publisher: behind the events that it
  // contains and before all others.
  detail::sig<void(state_snapshot)>, detail::sig<void(refresh_state)>>;

} // namespace taskvisor
