#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/random_source.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace taskvisor {

/// How chance spreads a delay. `base` is the delay without jitter.
enum class jitter : std::uint8_t {
  /// Exactly `base`.
  none,
  /// Uniform in [0, base].
  full,
  /// Uniform in [base/2, base]: never much shorter, never in step.
  equal,
  /// Uniform in [first, min(3 * base, max)]: the widest spread that never
  /// goes below `first`.
  band,
};

/// The name of the enumerator, for example `equal`.
std::string_view to_string(jitter kind) noexcept;

/// How long to wait before a failed task is tried again. A value without
/// memory: the delay depends on the number of retries since the last success
/// and on chance, never on an earlier delay.
///
/// Retry number n (from 0) has base = min(first * factor^n, max). Jitter turns
/// the base into the delay, which is at least `floor`, at most `max`, and at
/// least 1 ms (or `max`, if that is less) so that no failing task turns into a
/// hot loop; only `first == 0` switches that guard off.
///
/// Setters never fail. Wrong values are refused by `validate()`, which
/// everything that takes a policy calls before it starts anything.
class backoff_policy {
public:
  /// 200 ms, doubled up to 30 s, with jitter `equal` and no floor.
  constexpr backoff_policy() noexcept = default;

  /// Always `d`. No jitter; `max` is 30 s or `d`, whichever is longer.
  static constexpr backoff_policy constant(duration d) noexcept {
    return {d, longer(d, default_max), 1.0, taskvisor::jitter::none};
  }

  /// `d`, doubled with every retry up to 30 s or `d`, whichever is longer.
  /// No jitter: add one with `with_jitter` when many tasks share a resource.
  static constexpr backoff_policy exponential(duration d) noexcept {
    return {d, longer(d, default_max), 2.0, taskvisor::jitter::none};
  }

  /// Every field as given, with no floor.
  static constexpr backoff_policy custom(duration first, duration max,
                                         double factor,
                                         taskvisor::jitter kind) noexcept {
    return {first, max, factor, kind};
  }

  /// The same policy with another first delay. Zero means: retry at once,
  /// without the guard against hot loops.
  constexpr backoff_policy with_first(duration d) const noexcept {
    auto result = *this;
    result.first_ = d;
    return result;
  }

  /// The same policy with another upper bound. A `first` or `floor` above it
  /// is lowered to it.
  constexpr backoff_policy with_max(duration d) const noexcept {
    auto result = *this;
    result.max_ = d;
    result.first_ = shorter(first_, d);
    result.floor_ = shorter(floor_, d);
    return result;
  }

  /// The same policy with a lower bound for every delay, after jitter. A value
  /// above `max` is lowered to it: raise `max` first.
  constexpr backoff_policy with_floor(duration d) const noexcept {
    auto result = *this;
    result.floor_ = shorter(d, max_);
    return result;
  }

  /// The same policy with another growth per retry; finite, at least 1.
  constexpr backoff_policy with_factor(double x) const noexcept {
    auto result = *this;
    result.factor_ = x;
    return result;
  }

  /// The same policy with another kind of jitter.
  constexpr backoff_policy with_jitter(taskvisor::jitter kind) const noexcept {
    auto result = *this;
    result.jitter_ = kind;
    return result;
  }

  constexpr duration first() const noexcept { return first_; }

  constexpr duration max() const noexcept { return max_; }

  constexpr duration floor() const noexcept { return floor_; }

  constexpr double factor() const noexcept { return factor_; }

  constexpr taskvisor::jitter jitter() const noexcept { return jitter_; }

  /// The first of these that does not hold: no duration is negative (`max`,
  /// `first`, `floor`), `factor` is finite and at least 1, `first` and `floor`
  /// do not exceed `max`. Fields are named `backoff.first` and so on.
  std::optional<config_error> validate() const;

  /// The delay before retry number `index`, counted from 0 in the current
  /// streak of failures. Never overflows, for any index and any duration.
  /// A policy that does not validate still gives a delay in [0, max].
  duration delay_for_retry(std::uint32_t index,
                           random_source& random) const noexcept;

  friend bool operator==(const backoff_policy&,
                         const backoff_policy&) = default;

private:
  static constexpr duration default_max = std::chrono::seconds{30};

  static constexpr duration shorter(duration a, duration b) noexcept {
    return b < a ? b : a;
  }

  static constexpr duration longer(duration a, duration b) noexcept {
    return a < b ? b : a;
  }

  constexpr backoff_policy(duration first, duration max, double factor,
                           taskvisor::jitter kind) noexcept
    : first_(first), max_(max), factor_(factor), jitter_(kind) {
    // nop
  }

  duration base_for_retry(std::uint32_t index) const noexcept;

  duration first_ = std::chrono::milliseconds{200};
  duration max_ = default_max;
  duration floor_ = duration::zero();
  double factor_ = 2.0;
  taskvisor::jitter jitter_ = taskvisor::jitter::equal;
};

} // namespace taskvisor
