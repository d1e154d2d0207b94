#include "taskvisor/subscribers/json_lines_subscriber.hpp"

#include "escape.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace taskvisor {

namespace {

std::string time_text(std::chrono::system_clock::time_point at) {
  using namespace std::chrono;
  auto day = floor<days>(at);
  year_month_day date{day};
  hh_mm_ss time{floor<nanoseconds>(at - day)};
  return fmt::format(
    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    time.hours().count(), time.minutes().count(), time.seconds().count(),
    time.subseconds().count());
}

/// Milliseconds, exact to the nanosecond.
std::string milliseconds_text(duration value) {
  auto nanos = value.count();
  auto size = nanos < 0 ? 0 - static_cast<std::uint64_t>(nanos)
                        : static_cast<std::uint64_t>(nanos);
  auto result =
    fmt::format("{}{}", nanos < 0 ? "-" : "", size / std::uint64_t{1'000'000});
  auto fraction = fmt::format(".{:06}", size % std::uint64_t{1'000'000});
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction == "." ? result : result + fraction;
}

/// A JSON object while it grows. Keys are ours, values are anybody's.
class object {
public:
  object& number(std::string_view key, std::string_view digits) {
    name(key);
    text_ += digits;
    return *this;
  }

  object& text(std::string_view key, std::string_view value) {
    name(key);
    detail::append_json(text_, value);
    return *this;
  }

  object& text_if_any(std::string_view key, std::string_view value) {
    return value.empty() ? *this : text(key, value);
  }

  template <class T>
  object& label_if(std::string_view key, const std::optional<T>& value) {
    return value ? text(key, label(*value)) : *this;
  }

  object& time_if(std::string_view key, const std::optional<duration>& value) {
    return value ? number(key, milliseconds_text(*value)) : *this;
  }

  std::string take() { return std::move(text_ += '}'); }

private:
  void name(std::string_view key) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += key;
    text_ += "\":";
  }

  std::string text_;
};

} // namespace

std::string format_json(const event& x) {
  object to;
  to.number("seq", std::to_string(x.seq))
    .text("at", time_text(x.at))
    .text("event", label(x.kind))
    .text("level", label(severity_of(x)));
  if (x.id)
    to.number("id", std::to_string(x.id.value()));
  to.text_if_any(label(subject_of(x.kind)), x.task);
  if (x.attempt != 0)
    to.number("attempt", std::to_string(x.attempt));
  to.text_if_any("reason", x.reason).label_if("outcome_kind", x.outcome);
  if (x.rejected != rejection::none)
    to.text("rejection_kind", label(x.rejected));
  to.time_if("timeout_ms", x.timeout)
    .time_if("delay_ms", x.delay)
    .time_if("duration_ms", x.elapsed)
    .time_if("queued_ms", x.queued);
  if (x.exit_code)
    to.number("exit_code", std::to_string(*x.exit_code));
  if (x.lost)
    to.number("lost", std::to_string(*x.lost));
  return to.label_if("backoff_source", x.source)
    .label_if("state", x.state)
    .take();
}

event_callback json_lines_subscriber(line_sink sink) {
  return [sink = std::move(sink)](const event& x) { sink(format_json(x)); };
}

} // namespace taskvisor
