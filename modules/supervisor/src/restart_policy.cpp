#include "taskvisor/supervisor/restart_policy.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

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
  if (interval_ < duration::zero())
    return config_error{"restart.interval", detail::exact_text(interval_),
                        "must not be negative"};
  return std::nullopt;
}

} // namespace taskvisor
