#pragma once

#include "registry_entry.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace taskvisor::detail {

/// Membership: by id and by name, changed together.
class registry_table {
public:
  registry_table() = default;
  registry_table(const registry_table&) = delete;
  registry_table& operator=(const registry_table&) = delete;
  ~registry_table() {
    ids_.for_each([](registry_entry& x) { x.listed.reset(); });
  }

  registry_entry* find(task_id id) const {
    return ids_.find(id.value(),
                     [id](const registry_entry& x) { return x.id == id; });
  }

  registry_entry* find(std::string_view name) const {
    return names_.find(hash_of(name), [name](const registry_entry& x) {
      return x.name == name;
    });
  }

  bool has(std::string_view name) const { return find(name) != nullptr; }

  void insert(std::shared_ptr<registry_entry> entry) {
    auto& x = *entry;
    ids_.insert(x.id.value(), x);
    names_.insert(hash_of(x.name), x);
    x.listed = std::move(entry);
  }

  /// Frees id and name and hands the entry out.
  std::shared_ptr<registry_entry> take(registry_entry& entry) noexcept {
    ids_.erase(entry);
    names_.erase(entry);
    return std::exchange(entry.listed, nullptr);
  }

  std::size_t size() const noexcept { return ids_.size(); }
  bool empty() const noexcept { return size() == 0; }

  /// `f` must not change the table.
  template <class F>
  void for_each(F f) {
    ids_.for_each(f);
  }

private:
  static std::size_t hash_of(std::string_view name) noexcept {
    return std::hash<std::string_view>{}(name);
  }

  // Ids count up: by themselves they spread best.
  hash_index<registry_entry, &registry_entry::by_id> ids_;
  hash_index<registry_entry, &registry_entry::by_name> names_;
};

} // namespace taskvisor::detail
