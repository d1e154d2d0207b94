#include "taskvisor/events/error.hpp"

#include "labels.hpp"

#include "taskvisor/events/detail/caf_compat.hpp"

#include <caf/deep_to_string.hpp>

namespace taskvisor {

namespace {

constexpr auto errc_labels = detail::labels_of<errc>({
  "none",
  "invalid_config",
  "task_already_exists",
  "command_queue_full",
  "termination_timeout",
  "shutting_down",
  "already_running",
  "signal_setup_failed",
  "wait_timeout",
  "would_deadlock",
  "stopped",
  "controller_not_configured",
  "controller_full",
  "controller_closed",
  "runtime_failed",
});

} // namespace

std::string_view label(errc code) noexcept {
  return errc_labels[code];
}

std::string to_string(errc code) {
  return std::string{label(code)};
}

bool from_string(std::string_view text, errc& code) noexcept {
  auto found = errc_labels.find(text);
  code = found.value_or(code);
  return found.has_value();
}

bool from_integer(std::uint8_t value, errc& code) noexcept {
  if (value >= wire_count(errc{}))
    return false;
  code = static_cast<errc>(value);
  return true;
}

caf::error make_error(errc code, std::string text) {
  detail::ensure_core_types();
  return caf::make_error(code, std::move(text));
}

caf::error make_error(const config_error& refused) {
  return make_error(errc::invalid_config, refused.text());
}

errc code_of(const caf::error& err) noexcept {
  // Comparing by enumerator is the one test that both CAFs spell alike.
  for (std::size_t i = 1; i < wire_count(errc{}); ++i)
    if (err == static_cast<errc>(i))
      return static_cast<errc>(i);
  return errc::none;
}

std::string describe(const caf::error& err) {
  auto code = code_of(err);
  if (code == errc::none)
    return caf::to_string(err);
  auto result = to_string(code);
  if (err.context().match_elements<std::string>()) {
    result += ": ";
    result += err.context().get_as<std::string>(0);
  }
  return result;
}

} // namespace taskvisor
