#pragma once

#include <string>

namespace taskvisor {

/// Why a configuration was refused. Every `validate()` returns at most one:
/// the first value, in the order its documentation gives, that is out of
/// bounds. Nothing has been started when you hold one.
struct config_error {
  /// The setting, as the documentation names it, for example `max_retries`.
  std::string field;

  /// The refused value as text, durations with their unit.
  std::string value;

  /// What would be accepted, for example `must be at least 1`.
  std::string bound;

  /// One line for people: `max_retries = 0: must be at least 1`.
  std::string text() const { return field + " = " + value + ": " + bound; }

  friend bool operator==(const config_error&, const config_error&) = default;
};

} // namespace taskvisor
