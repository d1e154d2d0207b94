#include "taskvisor/testing/placeholder.hpp"

namespace taskvisor::detail {

int testing_placeholder() noexcept {
  return 1;
}

} // namespace taskvisor::detail
