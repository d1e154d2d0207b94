#pragma once

#include "taskvisor/events/time.hpp"

#include <string>

namespace taskvisor::detail {

/// `d` without loss in its coarsest fitting unit: `1500ms`, `30s`, `-1ns`.
/// For error texts, where a rounded value could look as if it were in bounds.
inline std::string exact_text(duration d) {
  struct unit {
    duration::rep nanos;
    const char* name;
  };
  static constexpr unit units[] = {
    {3'600'000'000'000, "h"}, {60'000'000'000, "min"}, {1'000'000'000, "s"},
    {1'000'000, "ms"},        {1'000, "us"},
  };
  if (d == duration::zero())
    return "0s";
  for (auto [nanos, name] : units)
    if (d.count() % nanos == 0)
      return std::to_string(d.count() / nanos) + name;
  return std::to_string(d.count()) + "ns";
}

} // namespace taskvisor::detail
