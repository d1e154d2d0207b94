#include "taskvisor/events/outcome.hpp"

#include "labels.hpp"

#include <fmt/format.h>

#include <array>

namespace taskvisor {

namespace {

using namespace std::string_view_literals;

constexpr std::array outcome_labels{
  "outcome_completed"sv, "outcome_failed"sv,        "outcome_fatal"sv,
  "outcome_canceled"sv,  "outcome_force_aborted"sv, "outcome_crashed"sv,
  "outcome_rejected"sv,
};

constexpr std::array rejection_labels{
  "none"sv,
  "already_exists"sv,
  "batch_rejected"sv,
  "slot_busy"sv,
  "queue_full"sv,
  "superseded_by_replace"sv,
  "removed_from_queue"sv,
  "controller_shutting_down"sv,
  "admission_failed"sv,
  "waited_too_long"sv,
};

} // namespace

std::string_view label(outcome_kind kind) noexcept {
  return detail::label_of(kind, outcome_labels);
}

std::string_view label(rejection kind) noexcept {
  return detail::label_of(kind, rejection_labels);
}

std::string to_string(const outcome& x) {
  constexpr std::string_view prefix = "outcome_";
  auto name = label(x.kind);
  if (name.starts_with(prefix))
    name.remove_prefix(prefix.size());
  std::string result{name};
  if (x.kind == outcome_kind::rejected)
    result += fmt::format(" ({})", label(x.rejected));
  if (!x.reason.empty())
    result += fmt::format(": {}", x.reason);
  if (x.exit_code)
    result += fmt::format(" (exit code {})", *x.exit_code);
  return result;
}

} // namespace taskvisor
