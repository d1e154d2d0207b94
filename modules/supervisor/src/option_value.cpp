#include "option_value.hpp"

#include "taskvisor/events/detail/duration_text.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace taskvisor::detail {

namespace {

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", text);
}

/// The whole text as a number: `std::from_chars` is exact for every double and
/// every count, which CAF's own parser is not.
template <class T>
std::optional<T> number_in(const std::string& text) {
  T result{};
  const auto* end = text.data() + text.size();
  auto [next, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || next != end)
    return std::nullopt;
  return result;
}

/// The enumerator of this name; enumerators are contiguous from 0.
template <class E>
std::optional<E> read_name(const caf::config_value& x, E last) {
  auto text = text_in(x);
  for (auto i = 0; text && i <= static_cast<int>(last); ++i)
    if (*text == to_string(static_cast<E>(i)))
      return static_cast<E>(i);
  return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> read_count(const caf::config_value& x,
                                        std::uint64_t max) {
  std::optional<std::uint64_t> result;
  if (const auto* number = caf::get_if<std::int64_t>(&x)) {
    if (*number >= 0)
      result = static_cast<std::uint64_t>(*number);
  } else if (auto text = text_in(x)) {
    result = number_in<std::uint64_t>(*text);
  }
  return result && *result <= max ? result : std::nullopt;
}

std::string write_count(std::uint64_t x) {
  auto text = std::to_string(x);
  // CAF's whole numbers end there.
  auto fits = x <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  return fits ? text : quoted(text);
}

std::string option_value<retry_limit>::bound() {
  return fmt::format("must be unlimited or a whole number from 1 to {}",
                     unlimited_retries - 1);
}

std::optional<retry_limit> option_value<retry_limit>::read(
  const caf::config_value& x) {
  if (text_in(x) == "unlimited")
    return retry_limit{unlimited_retries};
  auto count = read_count(x, unlimited_retries - 1);
  if (!count || *count == 0)
    return std::nullopt;
  return retry_limit{static_cast<std::uint32_t>(*count)};
}

std::string option_value<retry_limit>::write(retry_limit x) {
  return x.count == unlimited_retries ? quoted("unlimited")
                                      : write_count(x.count);
}

std::string option_value<bool>::bound() {
  return "must be true or false";
}

std::optional<bool> option_value<bool>::read(const caf::config_value& x) {
  if (const auto* flag = caf::get_if<bool>(&x))
    return *flag;
  if (auto text = text_in(x); text == "true" || text == "false")
    return text == "true";
  return std::nullopt;
}

std::string option_value<bool>::write(bool x) {
  return x ? "true" : "false";
}

std::string option_value<double>::bound() {
  return "must be a number such as 1.5";
}

std::optional<double> option_value<double>::read(const caf::config_value& x) {
  if (const auto* real = caf::get_if<double>(&x))
    return *real;
  if (const auto* number = caf::get_if<std::int64_t>(&x))
    return static_cast<double>(*number);
  if (auto text = text_in(x))
    return number_in<double>(*text);
  return std::nullopt;
}

std::string option_value<double>::write(double x) {
  auto text = fmt::format("{}", x);
  // CAF reads some with the last bit wrong; as text it is exact.
  auto plain = caf::config_value::parse(text);
  auto again = plain ? read(*plain) : std::nullopt;
  return again == x ? text : quoted(text);
}

std::string option_value<duration>::bound() {
  return "must be a time of at least 0s, such as 500ms, 5s or 1min";
}

std::optional<duration> option_value<duration>::read(
  const caf::config_value& x) {
  auto value = x;
  if (auto text = text_in(x))
    if (auto parsed = caf::config_value::parse(*text))
      value = *parsed;
  const auto* time = caf::get_if<caf::timespan>(&value);
  if (time == nullptr || *time < duration::zero())
    return std::nullopt;
  return *time;
}

std::string option_value<duration>::write(duration x) {
  return exact_text(x);
}

std::string option_value<restart_kind>::bound() {
  return "must be never, on_failure or always";
}

std::optional<restart_kind> option_value<restart_kind>::read(
  const caf::config_value& x) {
  return read_name(x, restart_kind::always);
}

std::string option_value<restart_kind>::write(restart_kind x) {
  return quoted(to_string(x));
}

std::string option_value<jitter>::bound() {
  return "must be none, full, equal or band";
}

std::optional<jitter> option_value<jitter>::read(const caf::config_value& x) {
  return read_name(x, jitter::band);
}

std::string option_value<jitter>::write(jitter x) {
  return quoted(to_string(x));
}

} // namespace taskvisor::detail
