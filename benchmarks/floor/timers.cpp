#include "workload.hpp"

namespace bench {

workloads timers_group() {
  return {};
}

} // namespace bench
