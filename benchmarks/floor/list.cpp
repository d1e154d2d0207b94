#include "workload.hpp"

namespace bench {

workloads list_group() {
  return {};
}

} // namespace bench
