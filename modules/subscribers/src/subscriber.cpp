#include "taskvisor/subscribers/subscriber.hpp"

#include "subscriber_state.hpp"

#include "taskvisor/events/detail/blocked_signals.hpp"
#include "taskvisor/events/detail/bounds.hpp"
#include "taskvisor/events/error.hpp"

namespace taskvisor {

namespace {

constexpr duration longest_wait = std::chrono::seconds{10};

state_follower_actor spawn_subscriber(caf::actor_system& system, bool blocking,
                                      detail::subscriber_setup setup) {
  using state = detail::subscriber_state;
  if (blocking) {
    detail::blocked_signals guard;
    return system.spawn<state, caf::detached>(std::move(setup));
  }
  return system.spawn<state>(std::move(setup));
}

} // namespace

std::optional<config_error> subscriber_options::validate() const {
  if (auto err = detail::not_empty("name", name))
    return err;
  if (auto err = detail::at_least_one("capacity", capacity))
    return err;
  if (max_wait < duration::zero() || max_wait > longest_wait)
    return config_error{"max_wait", detail::exact_text(max_wait),
                        "must be 0 to 10s"};
  if (max_wait > duration::zero() && !blocking)
    return config_error{"blocking", "false",
                        "must be true if publishers wait (max_wait)"};
  return std::nullopt;
}

bool subscription::detach() const {
  auto publisher = publisher_.lock();
  // Before the publisher lets go of it.
  auto alive = actor();
  auto ended = publisher && publisher->detach(id_);
  // Also without a publisher: nobody else would end the actor then.
  if (alive)
    detail::post(alive, close_sink{});
  return ended;
}

event_sink_actor subscription::actor() const {
  return caf::actor_cast<event_sink_actor>(actor_.lock());
}

caf::expected<subscription> attach_subscriber(
  caf::actor_system& system, const std::shared_ptr<event_publisher>& publisher,
  subscriber_options options, event_callback callback) {
  if (auto refused = options.validate())
    return make_error(*refused);
  if (!callback)
    return make_error(config_error{"callback", "empty", "must be callable"});
  subscription result;
  result.name_ = options.name;
  result.publisher_ = publisher;
  result.queue_ =
    std::make_shared<event_queue>(options.capacity, options.max_wait);
  auto follows = static_cast<bool>(options.on_snapshot);
  auto actor =
    spawn_subscriber(system, options.blocking,
                     {options.name, result.queue_, publisher,
                      std::move(callback), std::move(options.on_snapshot)});
  auto sink = caf::actor_cast<caf::strong_actor_ptr>(actor);
  result.actor_ = caf::actor_cast<caf::weak_actor_ptr>(actor);
  result.id_ = publisher->attach(std::move(options.name), std::move(sink),
                                 result.queue_, std::move(options.filter));
  if (result.id_ == 0) {
    detail::post(actor, close_sink{});
    return make_error(errc::shutting_down,
                      "the supervisor has ended its subscribers");
  }
  // However it ends, a dead subscriber is not published to.
  actor->attach_functor(
    [weak = result.publisher_, id = result.id_](const caf::error&) {
      if (auto alive = weak.lock())
        alive->detach(id);
    });
  if (follows)
    publisher->request_state(caf::actor_cast<caf::strong_actor_ptr>(actor));
  return result;
}

} // namespace taskvisor
