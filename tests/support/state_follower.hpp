#pragma once

#include "taskvisor/events/actors.hpp"
#include "taskvisor/events/state_mirror.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace taskvisor::test {

/// What a follower found: its mirror against each later snapshot.
struct follower_report {
  std::atomic<std::size_t> snapshots{0};
  std::atomic<std::size_t> compared_tasks{0};
  std::mutex mutex;
  /// The first difference; empty without one.
  std::string difference;
};

/// Rebuilds the state from the first snapshot and the events since, and
/// compares it with every snapshot that comes later.
class state_follower : public state_follower_actor::base {
public:
  state_follower(caf::actor_config& cfg,
                 std::shared_ptr<follower_report> report)
    : state_follower_actor::base(cfg), report_(std::move(report)) {}

  behavior_type make_behavior() override {
    return {
      [this](const event& x) { on_event(x); },
      [this](close_sink) { quit(); },
      [this](const state_snapshot& x) { on_snapshot(x); },
      [](refresh_state) {},
    };
  }

private:
  void on_event(const event& x) {
    if (x.seq <= last_)
      differ("event " + std::to_string(x.seq) + " comes late");
    last_ = x.seq;
    mirror_.apply(x);
  }

  void on_snapshot(const state_snapshot& x) {
    state_mirror truth;
    truth.reset(x);
    if (last_ > x.seq)
      differ("a snapshot comes late");
    last_ = x.seq;
    if (std::exchange(begun_, true) && truth.tasks() != mirror_.tasks())
      differ("at " + std::to_string(x.seq) + ":" + text(truth) + " is not"
             + text(mirror_));
    mirror_ = truth;
    report_->compared_tasks += truth.tasks().size();
    ++report_->snapshots;
  }

  void differ(std::string what) {
    std::lock_guard guard{report_->mutex};
    if (report_->difference.empty())
      report_->difference = std::move(what);
  }

  static std::string text(const state_mirror& x) {
    std::string result;
    for (const auto& [id, task] : x.tasks())
      result += ' ' + task.name + ' ' + std::string{label(task.state)} + ' '
                + std::to_string(task.attempt);
    return result;
  }

  std::shared_ptr<follower_report> report_;
  state_mirror mirror_;
  std::uint64_t last_ = 0;
  bool begun_ = false;
};

} // namespace taskvisor::test
