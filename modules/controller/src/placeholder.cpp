#include "taskvisor/controller/placeholder.hpp"

namespace taskvisor::detail {

int controller_placeholder() noexcept {
  return 1;
}

} // namespace taskvisor::detail
