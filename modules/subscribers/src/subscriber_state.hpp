#pragma once

#include "overflow_rule.hpp"

#include "taskvisor/subscribers/subscriber.hpp"

namespace taskvisor::detail {

/// The actor of one subscriber. Holds the publisher weakly: the publisher
/// holds this actor.
class subscriber_state : public event_sink_actor::base {
public:
  subscriber_state(caf::actor_config& cfg, std::string name,
                   std::shared_ptr<event_queue> queue,
                   std::weak_ptr<event_publisher> publisher,
                   event_callback callback);

  const char* name() const override { return "taskvisor.subscriber"; }

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  void on_event(const event& x);
  void on_close_sink();

  void call(const event& x);
  void tell_lost(std::uint64_t number);
  void tell(event_kind kind, std::string reason);

  std::string name_;
  std::shared_ptr<event_queue> queue_;
  std::weak_ptr<event_publisher> publisher_;
  event_callback callback_;
  overflow_rule overflow_;
};

} // namespace taskvisor::detail
