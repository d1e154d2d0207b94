#pragma once

#include "taskvisor/subscribers/log_subscriber.hpp"

#include <spdlog/common.h>
#include <spdlog/logger.h>

#include <memory>
#include <utility>

namespace taskvisor {

/// spdlog's name for a severity.
inline spdlog::level::level_enum spdlog_level(severity level) noexcept {
  switch (level) {
    case severity::error:
      return spdlog::level::err;
    case severity::warning:
      return spdlog::level::warn;
    case severity::info:
      return spdlog::level::info;
    default:
      return spdlog::level::debug;
  }
}

/// A callback for `attach_subscriber` that gives each event to the logger: the
/// line of `format_line`, at the level of its severity, with the time of the
/// event. A level that the logger does not want costs no formatting.
inline event_callback spdlog_subscriber(
  std::shared_ptr<spdlog::logger> logger) {
  return [to = std::move(logger)](const event& x) {
    auto level = spdlog_level(severity_of(x));
    if (to->should_log(level))
      to->log(x.at, spdlog::source_loc{}, level, format_line(x));
  };
}

} // namespace taskvisor
