/// The bounds that most settings have, in the same words everywhere.
#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/detail/duration_text.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace taskvisor::detail {

inline std::optional<config_error> not_negative(const char* field, duration x) {
  if (x < duration::zero())
    return config_error{field, exact_text(x), "must not be negative"};
  return std::nullopt;
}

inline std::optional<config_error> at_least_one(const char* field,
                                                std::size_t x) {
  if (x == 0)
    return config_error{field, "0", "must be at least 1"};
  return std::nullopt;
}

inline std::optional<config_error> not_empty(const char* field,
                                             std::string_view x) {
  if (x.empty())
    return config_error{field, "''", "must not be empty"};
  return std::nullopt;
}

} // namespace taskvisor::detail
