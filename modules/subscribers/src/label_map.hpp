#pragma once

#include "escape.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// A `T` for each value of a label, and for at most `max` values: all later
/// ones share that of `other`. Indexes stay valid.
template <class T>
class label_map {
public:
  label_map(std::size_t max, T initial)
    : max_(max), initial_(std::move(initial)) {}

  /// Where the value is, from now on.
  std::size_t index_of(std::string_view value) {
    // By what is printed: two values that look alike would be one series twice.
    std::string printed;
    append_label_value(printed, value);
    if (auto found = indexes_.find(printed); found != indexes_.end())
      return found->second;
    if (indexes_.size() - indexes_.count(other) >= max_ && printed != other)
      return index_of(other);
    indexes_.emplace(printed, entries_.size());
    entries_.emplace_back(std::move(printed), initial_);
    return entries_.size() - 1;
  }

  T& operator[](std::size_t index) { return entries_[index].second; }

  T& at(std::string_view value) { return (*this)[index_of(value)]; }

  /// Pairs of the value, escaped, and its `T`, in the order of appearance.
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

private:
  static constexpr const char* other = "other";

  std::size_t max_;
  T initial_;
  std::unordered_map<std::string, std::size_t> indexes_;
  std::vector<std::pair<std::string, T>> entries_;
};

} // namespace taskvisor::detail
