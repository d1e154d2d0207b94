#pragma once

#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/controller/slot_view.hpp"
#include "taskvisor/supervisor/detail/admission_port.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace taskvisor::detail {

inline outcome rejected(rejection why, std::string reason) {
  outcome result;
  result.kind = outcome_kind::rejected;
  result.rejected = why;
  result.reason = std::move(reason);
  return result;
}

/// One submission, from the handle to its outcome. At each time one thread
/// uses it: the caller's, the controller's, then the registry's.
struct submission_record {
  task_id id;
  std::string slot;
  admission_policy policy;
  task_spec task;
  /// Zero is no limit.
  duration max_wait{0};
  /// When it was submitted, in nanoseconds of the actor clock.
  std::int64_t since = 0;
  /// Until it was handed over or rejected.
  duration queued{0};
  /// The key of its deadline, 0 if there is none.
  std::uint64_t deadline = 0;
  /// Told once whether the controller has taken the command.
  decision_sink answer;
  command_credit credit;
  /// Empty if nobody watches.
  outcome_sink watcher;
  /// Keeps `run` from ending; empty once the outcome was delivered.
  std::optional<work_hold> hold;

  submission_record(task_id x, std::string key, admission_policy p, task_spec t)
    : id(x), slot(std::move(key)), policy(p), task(std::move(t)) {}
  submission_record(const submission_record&) = delete;
  submission_record& operator=(const submission_record&) = delete;

  /// Whatever ends the controller: what was accepted has its outcome.
  ~submission_record() {
    deliver(
      rejected(rejection::controller_shutting_down, "the controller ended"));
  }

  /// The first outcome counts.
  void deliver(outcome x) {
    auto last = std::exchange(hold, std::nullopt);
    if (auto to = std::exchange(watcher, nullptr)) {
      x.queued = queued;
      to(x);
    }
  }
};

/// Asks for one slot to be purged, or canceled.
struct clear_request {
  std::string slot;
  bool stop_owner = false;
  std::function<void(caf::expected<slot_cleared>)> done;
  command_credit credit;
  slot_cleared result;
};

/// Goes from shard to shard; answers when the last one has let go of it, or
/// when there is none any more.
struct snapshot_request {
  std::function<void(controller_snapshot)> done;
  controller_snapshot result;

  snapshot_request() = default;
  snapshot_request(const snapshot_request&) = delete;
  snapshot_request& operator=(const snapshot_request&) = delete;
  ~snapshot_request();
};

} // namespace taskvisor::detail
