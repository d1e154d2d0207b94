#pragma once

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/event_publisher.hpp"

#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace taskvisor {

/// What is called for each event: one call at a time, in the order of `seq`.
using event_callback = std::function<void(const event&)>;

/// What is called with everything that is registered, before the events that
/// follow.
using snapshot_callback = std::function<void(const state_snapshot&)>;

struct subscriber_options {
  /// Names the subscriber in reports about it; not empty.
  std::string name = "subscriber";
  /// Events that may wait, with the one in the callback; at least 1. The
  /// newest event is lost, for this subscriber only, when all places are taken.
  std::size_t capacity = 1024;
  /// True gives the subscriber a thread of its own: for a callback that waits
  /// for a file, a socket or a lock. False runs it on CAF's workers.
  bool blocking = false;
  /// Which events it wants; none means all.
  event_filter filter = nullptr;
  /// Lossless while a place comes free in this time: tasks, and threads that
  /// add tasks, wait for one instead of losing the event; 0 to 10 s, 0 is
  /// never. That is what it costs: this subscriber's slowness becomes theirs,
  /// and that of all who share a CAF worker with them. The supervisor itself
  /// never waits: it finds places beyond `capacity`, a few for each task. Who
  /// has waited in vain is the last to wait until a place comes free; then
  /// events are lost. Needs `blocking`; the callback must not wait for a task.
  duration max_wait = duration::zero();
  /// Called with all tasks and what they do, at its place among the events:
  /// after those that it contains, before all others. Once soon after the
  /// subscriber was attached, and again when it has caught up after losses. A
  /// snapshot is not filtered. `state_mirror` keeps the state up to date.
  snapshot_callback on_snapshot = nullptr;

  /// The first wrong value in the order above, if any.
  std::optional<config_error> validate() const;
};

/// An attached subscriber. Copies stand for the same one; dropping them changes
/// nothing: it ends by `detach` or with the supervisor. May outlive the
/// supervisor and its actor system. Any thread.
class subscription {
public:
  const std::string& name() const noexcept { return name_; }

  /// Events whose callback has returned or thrown.
  std::uint64_t delivered() const noexcept { return queue_->delivered(); }

  /// Events that found no place.
  std::uint64_t lost() const noexcept { return queue_->lost(); }

  /// Events that wait, with the one in the callback.
  std::size_t depth() const noexcept { return queue_->depth(); }

  /// Ends the subscription: no event follows, those that wait are delivered,
  /// then the callback is freed. False if it was ended before. Does not wait;
  /// may be called from the callback.
  bool detach() const;

  /// The subscriber itself, for who wants to link to it or await its end; an
  /// empty handle once it is gone. Do not keep it: an actor system waits for
  /// the threads of `blocking` subscribers, and those for the last handle.
  event_sink_actor actor() const;

private:
  friend caf::expected<subscription> attach_subscriber(
    caf::actor_system&, const std::shared_ptr<event_publisher>&,
    subscriber_options, event_callback);

  subscription() = default;

  std::string name_;
  std::uint64_t id_ = 0;
  std::weak_ptr<event_publisher> publisher_;
  std::shared_ptr<event_queue> queue_;
  caf::weak_actor_ptr actor_;
};

/// Starts a subscriber; it sees every event published from now on.
///
/// * A slow or stuck callback delays nobody but itself. What it loses is
///   counted and told by one `subscriber_overflow` when it has caught up, or
///   once in `capacity` callbacks while it does not.
/// * What a callback throws is told by one `subscriber_panicked`, and the next
///   event is delivered. Nothing is told of throws on a diagnostic event, or
///   all of this could go round in circles.
/// * The subscriber does not keep the publisher alive.
///
/// Errors: `invalid_config` for wrong options or an empty callback,
/// `shutting_down` once the supervisor has ended its subscribers; the callback
/// is never called then. Any thread.
caf::expected<subscription> attach_subscriber(
  caf::actor_system& system, const std::shared_ptr<event_publisher>& publisher,
  subscriber_options options, event_callback callback);

} // namespace taskvisor
