#include "taskvisor/supervisor/restart_policy.hpp"

#include "taskvisor/events/detail/bounds.hpp"

namespace taskvisor {

std::string_view to_string(restart_kind kind) noexcept {
  switch (kind) {
    case restart_kind::never:
      return "never";
    case restart_kind::on_failure:
      return "on_failure";
    case restart_kind::always:
      return "always";
  }
  return "unknown";
}

std::optional<config_error> restart_policy::validate() const {
  return detail::not_negative("restart.interval", interval_);
}

} // namespace taskvisor
