#include "taskvisor/subscribers/log_subscriber.hpp"

#include "escape.hpp"

#include <fmt/color.h>
#include <fmt/format.h>

#include <cstdlib>
#include <iterator>
#include <optional>
#include <unistd.h>
#include <utility>

namespace taskvisor {

namespace {

using detail::append_escaped;
using detail::escape_mode;

fmt::terminal_color colour_of(severity level) {
  switch (level) {
    case severity::error:
      return fmt::terminal_color::red;
    case severity::warning:
      return fmt::terminal_color::yellow;
    case severity::info:
      return fmt::terminal_color::green;
    default:
      return fmt::terminal_color::bright_black;
  }
}

std::string duration_text(duration value) {
  using namespace std::chrono_literals;
  auto nanos = value.count();
  if (value != 0ns && value < 1us && value > -1us)
    return fmt::format("{}ns", nanos);
  if (value != 0ns && value < 1ms && value > -1ms)
    return fmt::format("{}us", nanos / 1'000);
  auto millis = nanos / 1'000'000;
  if (value < 1s)
    return fmt::format("{}ms", millis);
  if (millis % 1'000 == 0)
    return fmt::format("{}s", millis / 1'000);
  return fmt::format("{:.1f}s", static_cast<double>(millis) / 1'000.0);
}

/// The line of one event while it grows.
class line {
public:
  line(const event& x, bool colours) : event_(x) {
    fmt::format_to(std::back_inserter(text_), "[{:03}] [", x.seq);
    if (colours)
      text_ +=
        fmt::format(fmt::fg(colour_of(severity_of(x))), "{}", label(x.kind));
    else
      text_ += label(x.kind);
    text_ += ']';
  }

  /// What the event is about.
  line& task() {
    name(label(subject_of(event_.kind)));
    if (event_.task.empty())
      text_ += "none";
    else
      append_escaped(text_, event_.task, escape_mode::bare);
    return *this;
  }

  line& attempt(std::string_view key = "attempt") {
    return plain(key, std::to_string(event_.attempt));
  }

  line& reason(std::string_view placeholder = "unknown") {
    name("reason");
    text_ += '"';
    append_escaped(text_, event_.reason.empty() ? placeholder : event_.reason,
                   escape_mode::quoted);
    text_ += '"';
    return *this;
  }

  line& plain(std::string_view key, std::string_view value) {
    name(key);
    text_ += value;
    return *this;
  }

  line& time(std::string_view key, const std::optional<duration>& value) {
    return plain(key, duration_text(value.value_or(duration::zero())));
  }

  /// The reason alone, as a text that explains itself.
  line& bare_reason(escape_mode mode) {
    if (!event_.reason.empty()) {
      text_ += ' ';
      append_escaped(text_, event_.reason, mode);
    }
    return *this;
  }

  std::string take() { return std::move(text_); }

private:
  void name(std::string_view key) {
    text_ += ' ';
    text_ += key;
    text_ += '=';
  }

  const event& event_;
  std::string text_;
};

template <class T>
std::string_view label_or_unknown(const std::optional<T>& x) {
  return x ? label(*x) : "unknown";
}

std::string_view rejection_text(rejection x) {
  return x == rejection::none ? "unknown" : label(x);
}

void add_finish(line& to, const event& x) {
  to.task().plain("outcome", label_or_unknown(x.outcome));
  if (!x.reason.empty())
    to.reason();
}

void add_backoff(line& to, const event& x) {
  to.task()
    .plain("source", label_or_unknown(x.source))
    .time("delay", x.delay)
    .attempt("after_attempt")
    .reason("none");
}

void add_report_fields(line& to, const event& x) {
  switch (x.kind) {
    case event_kind::subscriber_overflow:
    case event_kind::subscriber_panicked:
    case event_kind::runtime_failure:
    case event_kind::controller_slot_transition:
      to.task().reason();
      break;
    case event_kind::controller_submitted:
      to.task().bare_reason(escape_mode::bare);
      break;
    case event_kind::controller_rejected:
      to.task().plain("rejection", rejection_text(x.rejected)).reason();
      break;
    case event_kind::grace_exceeded: // who missed it, if it says so
      to.bare_reason(escape_mode::bare);
      break;
    case event_kind::state_dump:
      to.bare_reason(escape_mode::lines);
      break;
    default: // the supervisor's own: the label says all
      break;
  }
}

void add_fields(line& to, const event& x) {
  switch (x.kind) {
    case event_kind::attempt_succeeded:
    case event_kind::attempt_canceled:
    case event_kind::task_add_requested:
    case event_kind::task_added:
    case event_kind::task_remove_requested:
    case event_kind::task_removed:
      to.task();
      break;
    case event_kind::attempt_starting:
      to.task().attempt();
      break;
    case event_kind::attempt_failed:
      to.task().reason().attempt();
      break;
    case event_kind::attempt_stuck:
      to.task().attempt().reason();
      break;
    case event_kind::attempt_timed_out:
      to.task().time("timeout", x.timeout);
      break;
    case event_kind::backoff_scheduled:
      add_backoff(to, x);
      break;
    case event_kind::task_add_failed:
      to.task().reason();
      break;
    case event_kind::task_finished:
      add_finish(to, x);
      break;
    case event_kind::task_state_changed:
      to.task().plain("state", label_or_unknown(x.state));
      break;
    default:
      add_report_fields(to, x);
  }
}

} // namespace

std::string format_line(const event& x, bool colours) {
  line result{x, colours};
  add_fields(result, x);
  return result.take();
}

event_callback log_subscriber(line_sink sink, bool colours) {
  return [sink = std::move(sink), colours](const event& x) {
    sink(format_line(x, colours));
  };
}

event_callback log_subscriber(std::FILE* stream) {
  return log_subscriber(stream_sink(stream), wants_colours(stream));
}

bool wants_colours(std::FILE* stream) {
  auto* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0')
    return false;
  auto descriptor = fileno(stream);
  return descriptor >= 0 && isatty(descriptor) == 1;
}

} // namespace taskvisor
