#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>
#include <type_traits>

namespace taskvisor {

/// Every duration of taskvisor: nanoseconds in 64 bits, about 292 years.
/// Coarser units of `std::chrono` convert implicitly. That conversion is not
/// checked by the standard library: for values near the end of a coarser unit
/// (`std::chrono::seconds::max()`) write `saturating_cast(d)`.
using duration = std::chrono::nanoseconds;

/// `lhs + rhs`, or the largest or smallest duration if that does not fit.
constexpr duration saturating_add(duration lhs, duration rhs) noexcept {
  if (rhs > duration::zero())
    return lhs > duration::max() - rhs ? duration::max() : lhs + rhs;
  return lhs < duration::min() - rhs ? duration::min() : lhs + rhs;
}

/// `lhs - rhs`, or the largest or smallest duration if that does not fit.
constexpr duration saturating_sub(duration lhs, duration rhs) noexcept {
  if (rhs < duration::zero())
    return lhs > duration::max() + rhs ? duration::max() : lhs - rhs;
  return lhs < duration::min() + rhs ? duration::min() : lhs - rhs;
}

/// `value * times`, or the largest or smallest duration if that does not fit.
constexpr duration saturating_mul(duration value,
                                  std::uint32_t times) noexcept {
  if (times == 0)
    return duration::zero();
  auto factor = static_cast<duration::rep>(times);
  if (value > duration::max() / factor)
    return duration::max();
  if (value < duration::min() / factor)
    return duration::min();
  return value * factor;
}

/// A deadline that lies `delay` after `start`; the end of time if that does
/// not fit, so that "wait for ever" stays for ever.
template <class Clock>
constexpr std::chrono::time_point<Clock, duration> saturating_add(
  std::chrono::time_point<Clock, duration> start, duration delay) noexcept {
  using time_point = std::chrono::time_point<Clock, duration>;
  return time_point{saturating_add(start.time_since_epoch(), delay)};
}

/// Any signed `std::chrono` duration as nanoseconds, without overflow: what
/// does not fit becomes the largest or smallest duration, and not-a-number
/// becomes zero. Fractions of a nanosecond are cut off.
template <class Rep, class Period>
constexpr duration saturating_cast(
  std::chrono::duration<Rep, Period> value) noexcept {
  static_assert(std::is_signed_v<Rep>, "unsigned durations are not supported");
  if constexpr (std::is_floating_point_v<Rep>) {
    using wide = std::chrono::duration<long double, std::nano>;
    auto nanos = wide{value}.count();
    if (nanos != nanos)
      return duration::zero();
    if (nanos >= static_cast<long double>(duration::max().count()))
      return duration::max();
    if (nanos <= static_cast<long double>(duration::min().count()))
      return duration::min();
    return duration{static_cast<duration::rep>(nanos)};
  } else if constexpr (std::ratio_greater_v<Period, std::nano>) {
    using coarse = std::chrono::duration<std::int64_t, Period>;
    if (value > std::chrono::duration_cast<coarse>(duration::max()))
      return duration::max();
    if (value < std::chrono::duration_cast<coarse>(duration::min()))
      return duration::min();
    return std::chrono::duration_cast<duration>(value);
  } else {
    return std::chrono::duration_cast<duration>(value);
  }
}

} // namespace taskvisor
