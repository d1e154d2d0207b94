#pragma once

#include "hash_index.hpp"
#include "task_record.hpp"

#include "taskvisor/supervisor/actors.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// A task on its way into the registry.
struct new_task {
  task_id id;
  task_spec spec;
  outcome_sink watcher;
};

/// A registered task, in one allocation. What it has more than its record
/// belongs to the registry alone.
struct registry_entry final : task_record {
  registry_entry(new_task&& x, const task_defaults& defaults, std::int64_t now)
    : task_record(x.id, std::move(x.spec), defaults, now),
      watcher(std::move(x.watcher)) {}

  outcome_sink watcher;
  task_actor actor;
  /// Cancels that wait for the cleanup.
  std::vector<std::shared_ptr<stop_request>> waiting;
  /// Who stops it has been decided; it stays listed and keeps its name.
  bool removing = false;
  /// Its removal's grace is over.
  bool aborted = false;
  /// Names the deadline of its removal at the timers.
  std::uint64_t removal_key = 0;

  // -- the registry's table
  index_link<registry_entry> by_id;
  index_link<registry_entry> by_name;
  /// Itself, while it is in the table.
  std::shared_ptr<registry_entry> listed;
};

/// What enters the registry: all items or none.
struct admission {
  admission() = default;
  admission(const admission&) = delete;
  admission& operator=(const admission&) = delete;

  std::span<new_task> items;
  /// Called once with the decision; an empty error means registered.
  decision_sink decided;
  /// Room in the command queue that goes back when this was taken.
  command_credit credit;
};

struct admission_of_one : admission {
  explicit admission_of_one(new_task x) : task(std::move(x)) {
    items = {&task, 1};
  }

  new_task task;
};

struct admission_of_many : admission {
  explicit admission_of_many(std::vector<new_task> xs) : tasks(std::move(xs)) {
    items = tasks;
  }

  std::vector<new_task> tasks;
};

} // namespace taskvisor::detail
