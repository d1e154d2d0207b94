#include "workload.hpp"

namespace bench {

workloads seed_group() {
  return {};
}

} // namespace bench
