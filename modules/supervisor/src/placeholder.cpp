#include "taskvisor/supervisor/placeholder.hpp"

namespace taskvisor::detail {

int supervisor_placeholder() noexcept {
  return 1;
}

} // namespace taskvisor::detail
