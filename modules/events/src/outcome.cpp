#include "taskvisor/events/outcome.hpp"

#include "labels.hpp"

#include <fmt/format.h>

namespace taskvisor {

namespace {

constexpr auto outcome_labels = detail::labels_of<outcome_kind>({
  "outcome_completed",
  "outcome_failed",
  "outcome_fatal",
  "outcome_canceled",
  "outcome_force_aborted",
  "outcome_crashed",
  "outcome_rejected",
});

constexpr auto rejection_labels = detail::labels_of<rejection>({
  "none",
  "already_exists",
  "batch_rejected",
  "slot_busy",
  "queue_full",
  "superseded_by_replace",
  "removed_from_queue",
  "controller_shutting_down",
  "admission_failed",
  "waited_too_long",
});

} // namespace

std::string_view label(outcome_kind kind) noexcept {
  return outcome_labels[kind];
}

std::string_view label(rejection kind) noexcept {
  return rejection_labels[kind];
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
