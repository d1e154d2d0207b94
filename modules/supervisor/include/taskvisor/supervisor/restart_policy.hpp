#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace taskvisor {

enum class restart_kind : std::uint8_t { never, on_failure, always };

/// The name of the enumerator, for example `on_failure`.
std::string_view to_string(restart_kind kind) noexcept;

/// What happens when an attempt has ended: `restart_policy::never`,
/// `restart_policy::on_failure`, `restart_policy::always` or
/// `restart_policy::always(30s)`. A plain value.
///
/// | policy       | after success           | after a retryable failure |
/// |--------------|-------------------------|---------------------------|
/// | `never`      | the task ends           | the task ends             |
/// | `on_failure` | the task ends           | again, after the backoff  |
/// | `always`     | again, after `interval` | again, after the backoff  |
///
/// A fatal or canceled attempt ends the task under every policy.
class restart_policy {
public:
  class repeating;

  static const restart_policy never;
  static const restart_policy on_failure;

  /// Without an interval: again at once, but at most once a millisecond.
  static const repeating always;

  /// `on_failure`.
  constexpr restart_policy() noexcept = default;

  constexpr restart_kind kind() const noexcept { return kind_; }

  /// The pause between a successful attempt's end and the next start. Absent
  /// for every policy but `always(interval)`.
  constexpr std::optional<duration> interval() const noexcept {
    if (interval_ == duration::zero())
      return std::nullopt;
    return interval_;
  }

  /// Refuses a negative interval, as `restart.interval`.
  std::optional<config_error> validate() const;

  friend bool operator==(const restart_policy&,
                         const restart_policy&) = default;

private:
  constexpr restart_policy(restart_kind kind, duration interval) noexcept
    : kind_(kind), interval_(interval) {
    // nop
  }

  restart_kind kind_ = restart_kind::on_failure;
  duration interval_ = duration::zero();
};

/// The type of `restart_policy::always`: a policy that can be given an
/// interval. Adds no state, so that a copy as `restart_policy` loses nothing.
class restart_policy::repeating : public restart_policy {
public:
  /// `always` with a pause of `interval` after every success; zero means none.
  constexpr restart_policy operator()(duration interval) const noexcept {
    return {restart_kind::always, interval};
  }

  /// `always`, for those who like all policies of this kind to look alike.
  constexpr restart_policy operator()() const noexcept { return *this; }

private:
  friend class restart_policy;

  constexpr repeating() noexcept
    : restart_policy(restart_kind::always, duration::zero()) {
    // nop
  }
};

inline constexpr restart_policy restart_policy::never{restart_kind::never,
                                                      duration::zero()};
inline constexpr restart_policy restart_policy::on_failure{
  restart_kind::on_failure, duration::zero()};
inline constexpr restart_policy::repeating restart_policy::always{};

} // namespace taskvisor
