#pragma once

#include "task_record.hpp"

#include "taskvisor/supervisor/actors.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// One registered task.
struct registry_entry {
  std::shared_ptr<task_record> record;
  task_actor actor;
  outcome_sink watcher;
  /// Cancels that wait for the cleanup.
  std::vector<std::shared_ptr<stop_request>> waiting;
  /// Who stops it has been decided; it stays listed and keeps its name.
  bool removing = false;
  /// Its removal's grace is over.
  bool aborted = false;
  /// Names the deadline of its removal at the timers.
  std::uint64_t removal_key = 0;
};

/// Membership: id to entry and name to id, changed together.
class registry_table {
public:
  registry_entry* find(task_id id) {
    auto i = entries_.find(id);
    return i == entries_.end() ? nullptr : &i->second;
  }

  registry_entry* find(std::string_view name) {
    auto i = names_.find(name);
    return i == names_.end() ? nullptr : find(i->second);
  }

  bool has(std::string_view name) const { return names_.contains(name); }

  registry_entry& insert(registry_entry entry) {
    auto& record = *entry.record;
    // The key is a view of the record's name: the record lives as long.
    names_.emplace(record.name, record.id);
    return entries_.emplace(record.id, std::move(entry)).first->second;
  }

  /// Frees id and name and hands the entry out.
  registry_entry take(task_id id) {
    auto node = entries_.extract(id);
    auto entry = std::move(node.mapped());
    names_.erase(entry.record->name);
    return entry;
  }

  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }

  template <class F>
  void for_each(F f) {
    for (auto& [id, entry] : entries_)
      f(entry);
  }

private:
  std::unordered_map<task_id, registry_entry> entries_;
  std::unordered_map<std::string_view, task_id> names_;
};

} // namespace taskvisor::detail
