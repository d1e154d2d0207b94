#pragma once

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/event_publisher.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace taskvisor::testing {

/// Remembers every event of a publisher, in order. Any thread.
class event_recorder {
public:
  void attach_to(caf::actor_system& sys, event_publisher& publisher) {
    auto sink = sys.spawn<sink_actor>(log_);
    // With a queue of its own the supervisor waits for it at shutdown.
    publisher.attach("event_recorder",
                     caf::actor_cast<caf::strong_actor_ptr>(sink),
                     std::make_shared<event_queue>(SIZE_MAX));
  }

  std::vector<event> all() const {
    std::lock_guard guard{log_->mutex};
    return log_->events;
  }

  std::size_t count(event_kind kind) const {
    auto events = all();
    return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(),
                    [kind](const event& x) { return x.kind == kind; }));
  }

  /// The labels of one task's events, in order, joined by a space; without
  /// `task_state_changed`, which only details what the others tell.
  std::string sequence_of(std::string_view task) const {
    std::string result;
    for (const auto& x : all()) {
      if (x.task != task || x.kind == event_kind::task_state_changed)
        continue;
      if (!result.empty())
        result += ' ';
      result += label(x.kind);
    }
    return result;
  }

  /// The labels of the states that one task went through, joined by a space.
  std::string states_of(std::string_view task) const {
    std::string result;
    for (const auto& x : all()) {
      if (x.task != task || !x.state)
        continue;
      if (!result.empty())
        result += ' ';
      result += label(*x.state);
    }
    return result;
  }

  /// Every event of one kind.
  std::vector<event> of(event_kind kind) const {
    auto events = all();
    std::erase_if(events, [kind](const event& x) { return x.kind != kind; });
    return events;
  }

private:
  struct log {
    std::mutex mutex;
    std::vector<event> events;
  };

  class sink_actor : public event_sink_actor::base {
  public:
    sink_actor(caf::actor_config& cfg, std::shared_ptr<log> to)
      : event_sink_actor::base(cfg), log_(std::move(to)) {}

    behavior_type make_behavior() override {
      return {
        [this](const event& x) {
          std::lock_guard guard{log_->mutex};
          log_->events.push_back(x);
        },
        [this](const close_sink&) { quit(); },
      };
    }

  private:
    std::shared_ptr<log> log_;
  };

  std::shared_ptr<log> log_ = std::make_shared<log>();
};

} // namespace taskvisor::testing
