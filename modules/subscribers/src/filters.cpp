#include "taskvisor/subscribers/filters.hpp"

#include "glob.hpp"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <utility>

namespace taskvisor::filters {

namespace {

event_filter named(event_subject subject, std::string pattern) {
  return [subject, pattern = std::move(pattern)](const event& x) {
    return subject_of(x.kind) == subject
           && detail::glob_matches(pattern, x.task);
  };
}

/// A predicate for the standard algorithms.
auto wants(const event& x) {
  return [&x](const event_filter& f) { return !f || f(x); };
}

} // namespace

event_filter kinds(std::initializer_list<event_kind> wanted) {
  std::bitset<wire_count(event_kind{})> set;
  for (auto kind : wanted)
    set.set(static_cast<std::size_t>(kind));
  return [set](const event& x) {
    auto index = static_cast<std::size_t>(x.kind);
    return index < set.size() && set[index];
  };
}

event_filter at_least(severity level) {
  return [level](const event& x) { return severity_of(x) >= level; };
}

event_filter tasks(std::string pattern) {
  return named(event_subject::task, std::move(pattern));
}

event_filter slots(std::string pattern) {
  return named(event_subject::slot, std::move(pattern));
}

event_filter all_of(std::vector<event_filter> filters) {
  return [filters = std::move(filters)](const event& x) {
    return std::all_of(filters.begin(), filters.end(), wants(x));
  };
}

event_filter any_of(std::vector<event_filter> filters) {
  return [filters = std::move(filters)](const event& x) {
    return std::any_of(filters.begin(), filters.end(), wants(x));
  };
}

event_filter none_of(std::vector<event_filter> filters) {
  return [filters = std::move(filters)](const event& x) {
    return std::none_of(filters.begin(), filters.end(), wants(x));
  };
}

} // namespace taskvisor::filters
