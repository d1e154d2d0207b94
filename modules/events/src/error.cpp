#include "taskvisor/events/error.hpp"

#include "labels.hpp"

#include <caf/deep_to_string.hpp>

#include <array>

namespace taskvisor {

namespace {

using namespace std::string_view_literals;

constexpr std::array errc_labels{
  "none"sv,
  "invalid_config"sv,
  "task_already_exists"sv,
  "command_queue_full"sv,
  "termination_timeout"sv,
  "shutting_down"sv,
  "already_running"sv,
  "signal_setup_failed"sv,
  "wait_timeout"sv,
  "would_deadlock"sv,
  "stopped"sv,
  "controller_not_configured"sv,
  "controller_full"sv,
  "controller_closed"sv,
};

} // namespace

std::string_view label(errc code) noexcept {
  return detail::label_of(code, errc_labels);
}

std::string to_string(errc code) {
  return std::string{label(code)};
}

bool from_string(std::string_view text, errc& code) noexcept {
  for (std::size_t i = 0; i < errc_labels.size(); ++i) {
    if (errc_labels[i] == text) {
      code = static_cast<errc>(i);
      return true;
    }
  }
  return false;
}

bool from_integer(std::uint8_t value, errc& code) noexcept {
  if (value >= errc_labels.size())
    return false;
  code = static_cast<errc>(value);
  return true;
}

caf::error make_error(errc code, std::string text) {
  return caf::make_error(code, std::move(text));
}

caf::error make_error(const config_error& refused) {
  return make_error(errc::invalid_config, refused.text());
}

errc code_of(const caf::error& err) noexcept {
  // Comparing by enumerator is the one test that both CAFs spell alike.
  for (std::size_t i = 1; i < errc_labels.size(); ++i)
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
