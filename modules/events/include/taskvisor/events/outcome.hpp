#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace taskvisor {

/// How a submission ended.
enum class outcome_kind : std::uint8_t {
  /// The last attempt succeeded and the policy stopped: the only success.
  completed,
  /// A retryable failure met a policy without retries or a used-up budget.
  failed,
  /// The task reported a permanent failure.
  fatal,
  /// Stopped on request, or the task said so itself.
  canceled,
  /// The grace ended first: the attempt was destroyed or left behind.
  force_aborted,
  /// The task's actor died from outside its body: killed or a bug.
  crashed,
  /// The body never ran.
  rejected,
};

constexpr std::size_t wire_count(outcome_kind) noexcept {
  return 7;
}

/// Why a submission was rejected.
enum class rejection : std::uint8_t {
  none,
  /// The name is taken.
  already_exists,
  /// Another item of the same batch was refused.
  batch_rejected,
  /// The slot has an owner and the submission wanted an idle one.
  slot_busy,
  /// The slot's queue is full.
  queue_full,
  /// A newer replacement took its place before it started.
  superseded_by_replace,
  /// Removed from the queue on request.
  removed_from_queue,
  /// The controller shut down first.
  controller_shutting_down,
  /// The registry could not take it.
  admission_failed,
  /// It waited in the queue for longer than its limit.
  waited_too_long,
};

constexpr std::size_t wire_count(rejection) noexcept {
  return 10;
}

/// Stable, machine-readable names, such as `outcome_completed`, `slot_busy`.
std::string_view label(outcome_kind kind) noexcept;
std::string_view label(rejection kind) noexcept;

/// The final result of one submission: delivered exactly once, outside the
/// event path. Copyable; may travel between nodes.
struct outcome {
  outcome_kind kind = outcome_kind::completed;
  /// Set if and only if `kind` is `rejected`.
  rejection rejected = rejection::none;
  /// For people: the failure's text. Empty for completed and canceled.
  std::string reason;
  /// What a failure gave with `with_exit_code`.
  std::optional<std::int32_t> exit_code;
  /// Time between submission and start; zero outside a controller's queue.
  duration queued{0};

  bool is_success() const noexcept { return kind == outcome_kind::completed; }

  friend bool operator==(const outcome&, const outcome&) = default;

  static constexpr auto wire_name = "taskvisor::outcome";
  static constexpr auto wire_fields() {
    using detail::wire_field;
    return std::tuple{wire_field{"kind", &outcome::kind},
                      wire_field{"rejected", &outcome::rejected},
                      wire_field{"reason", &outcome::reason},
                      wire_field{"exit_code", &outcome::exit_code},
                      wire_field{"queued", &outcome::queued}};
  }
};

/// `completed`, `failed: connection refused (exit code 75)`.
std::string to_string(const outcome& x);

} // namespace taskvisor
