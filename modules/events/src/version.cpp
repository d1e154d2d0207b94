#include "taskvisor/events/version.hpp"

namespace taskvisor {

std::string_view version() noexcept {
  return TASKVISOR_VERSION;
}

} // namespace taskvisor
