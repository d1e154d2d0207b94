/// One program's workloads, as a table: taskvisor/ and floor/ each define the
/// groups below, and both have the `main` of support/main.cpp.
#pragma once

#include "measure.hpp"
#include "options.hpp"

#include <string_view>
#include <vector>

namespace bench {

struct workload {
  std::string_view name;
  /// Besides `workers`, which all of them know.
  std::vector<std::string_view> keys;
  measurement (*run)(const options& opts) = nullptr;
  /// Does the same with a tenth of the items first, at most 1000, unmeasured.
  bool warm_up = false;
};

using workloads = std::vector<workload>;

workloads lifecycle_group();
workloads add_single_group();
workloads idle_group();
workloads restart_group();
workloads fan_out_group();
workloads submit_group();
workloads timers_group();
workloads list_group();
workloads seed_group();

} // namespace bench
