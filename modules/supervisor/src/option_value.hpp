#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/backoff_policy.hpp"
#include "taskvisor/supervisor/restart_policy.hpp"

#include <caf/config_value.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace taskvisor::detail {

/// How values of one type look in CAF's options.
///
/// `read` takes what a config file gives and, from the command line or quoted
/// in the file, text. `write` gives a literal that `read` takes as the same
/// value, in the syntax of both CAFs' files.
template <class T>
struct option_value;

/// `supervisor_config::defaults.max_retries`, whose largest value has a name.
struct retry_limit {
  std::uint32_t count;
};

std::optional<std::uint64_t> read_count(const caf::config_value& x,
                                        std::uint64_t max);
std::string write_count(std::uint64_t x);

template <std::unsigned_integral T>
struct option_value<T> {
  static constexpr const char* type = "count";

  static std::string bound() {
    return "must be a whole number from 0 to "
           + std::to_string(std::numeric_limits<T>::max());
  }

  static std::optional<T> read(const caf::config_value& x) {
    if (auto result = read_count(x, std::numeric_limits<T>::max()))
      return static_cast<T>(*result);
    return std::nullopt;
  }

  static std::string write(T x) { return write_count(x); }
};

template <>
struct option_value<retry_limit> {
  static constexpr const char* type = "count|unlimited";
  static std::string bound();
  static std::optional<retry_limit> read(const caf::config_value& x);
  static std::string write(retry_limit x);
};

template <>
struct option_value<bool> {
  static constexpr const char* type = "true|false";
  static std::string bound();
  static std::optional<bool> read(const caf::config_value& x);
  static std::string write(bool x);
};

template <>
struct option_value<double> {
  static constexpr const char* type = "real";
  static std::string bound();
  static std::optional<double> read(const caf::config_value& x);
  static std::string write(double x);
};

template <>
struct option_value<duration> {
  static constexpr const char* type = "timespan";
  static std::string bound();
  static std::optional<duration> read(const caf::config_value& x);
  static std::string write(duration x);
};

template <>
struct option_value<restart_kind> {
  static constexpr const char* type = "never|on_failure|always";
  static std::string bound();
  static std::optional<restart_kind> read(const caf::config_value& x);
  static std::string write(restart_kind x);
};

template <>
struct option_value<jitter> {
  static constexpr const char* type = "none|full|equal|band";
  static std::string bound();
  static std::optional<jitter> read(const caf::config_value& x);
  static std::string write(jitter x);
};

} // namespace taskvisor::detail
