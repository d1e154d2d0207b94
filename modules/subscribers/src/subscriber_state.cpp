#include "subscriber_state.hpp"

#include <fmt/format.h>

#include <exception>

namespace taskvisor::detail {

subscriber_state::subscriber_state(caf::actor_config& cfg, std::string name,
                                   std::shared_ptr<event_queue> queue,
                                   std::weak_ptr<event_publisher> publisher,
                                   event_callback callback)
  : event_sink_actor::base(cfg),
    name_(std::move(name)),
    queue_(std::move(queue)),
    publisher_(std::move(publisher)),
    callback_(std::move(callback)),
    overflow_(queue_->capacity()) {}

auto subscriber_state::make_behavior() -> behavior_type {
  return {
    [this](const event& x) { on_event(x); },
    [this](close_sink) { on_close_sink(); },
  };
}

void subscriber_state::on_exit() {
  callback_ = nullptr;
}

void subscriber_state::on_event(const event& x) {
  call(x);
  // First the place, then the report: with one place it would be lost here.
  queue_->give_back();
  tell_lost(overflow_.after_callback(queue_->lost_ordinary(), queue_->depth()));
}

void subscriber_state::on_close_sink() {
  tell_lost(overflow_.rest(queue_->lost_ordinary()));
  // Who sees the end finds the callback freed: on_exit may come later.
  callback_ = nullptr;
  quit();
}

void subscriber_state::call(const event& x) {
  std::string reason;
  try {
    callback_(x);
    return;
  } catch (const std::exception& e) {
    reason = e.what();
  } catch (...) {
    reason = "not a std::exception";
  }
  if (!is_diagnostic(x.kind))
    tell(event_kind::subscriber_panicked, std::move(reason));
}

void subscriber_state::tell_lost(std::uint64_t number) {
  if (number != 0)
    tell(event_kind::subscriber_overflow, fmt::format("full: {} lost", number));
}

void subscriber_state::tell(event_kind kind, std::string reason) {
  auto publisher = publisher_.lock();
  if (!publisher)
    return;
  event x;
  x.kind = kind;
  x.task = name_;
  x.reason = std::move(reason);
  publisher->publish(std::move(x));
}

} // namespace taskvisor::detail
