#include "workload.hpp"

namespace bench {

/// The seed's cases are for comparing with the seed.
workloads seed_group() {
  return {};
}

} // namespace bench
