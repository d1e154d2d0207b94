#pragma once

#include "taskvisor/events/actors.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace taskvisor::test {

using recording = std::shared_ptr<std::vector<event>>;

/// A sink without a callback or a bound; read the recording when it has ended.
class event_recorder : public event_sink_actor::base {
public:
  event_recorder(caf::actor_config& cfg, recording to)
    : event_sink_actor::base(cfg), to_(std::move(to)) {}

  behavior_type make_behavior() override {
    return {
      [this](const event& x) { to_->push_back(x); },
      [this](close_sink) { quit(); },
    };
  }

private:
  recording to_;
};

} // namespace taskvisor::test
