#include "taskvisor/subscribers/placeholder.hpp"

namespace taskvisor::detail {

int subscribers_placeholder() noexcept {
  return 1;
}

} // namespace taskvisor::detail
