#pragma once

#include "taskvisor/events/event.hpp"
#include "taskvisor/events/task_info.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace taskvisor {

/// What the registry knows, rebuilt elsewhere: a snapshot, and the events after
/// it, in their order. Events that the snapshot contains change nothing. A
/// plain value: one thread at a time.
class state_mirror {
public:
  struct task {
    std::string name;
    task_state state = task_state::starting;
    /// Number of the running or last attempt; 0 before the first.
    std::uint32_t attempt = 0;

    friend bool operator==(const task&, const task&) = default;
  };

  /// Forgets what was known before.
  void reset(const state_snapshot& x);
  void apply(const event& x);

  /// Number of the last event that is in here.
  std::uint64_t seq() const noexcept { return seq_; }

  /// By id. `task_removed` takes a task out.
  const std::map<task_id, task>& tasks() const noexcept { return tasks_; }

private:
  std::uint64_t seq_ = 0;
  std::map<task_id, task> tasks_;
};

} // namespace taskvisor
