#pragma once

#include "taskvisor/events/error.hpp"
#include "taskvisor/supervisor/system_config.hpp"

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

using arguments = std::vector<std::string>;

/// What a program reads from a config file of this text and these arguments.
inline caf::expected<taskvisor::supervisor_config> parsed(
  const std::string& file, const arguments& args = {},
  const taskvisor::supervisor_config& base = {}) {
  taskvisor::system_config cfg;
  std::istringstream in{file};
  if (auto err = cfg.parse(args, in))
    return err;
  return taskvisor::read_config(cfg, base);
}

/// The error's text; empty if the configuration was accepted.
inline std::string why(const caf::expected<taskvisor::supervisor_config>& x) {
  return x ? std::string{} : taskvisor::describe(x.error());
}

inline std::string refusal(const std::string& file,
                           const arguments& args = {}) {
  return why(parsed(file, args));
}

/// The configuration that these arguments give.
inline taskvisor::supervisor_config configured(const arguments& args) {
  auto result = parsed("", args);
  if (!result)
    throw std::invalid_argument{why(result)};
  return *result;
}

} // namespace test
