#pragma once

#include "workload.hpp"

namespace bench {

/// Those of the seed's cases that submit to slots.
workloads seed_controller_group();

} // namespace bench
