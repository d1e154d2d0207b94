#include "taskvisor/supervisor/backoff_policy.hpp"

#include "taskvisor/events/detail/bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace taskvisor {

namespace {

constexpr duration hot_loop_guard = std::chrono::milliseconds{1};

duration uniform_between(duration low, duration high, random_source& random) {
  if (low >= high)
    return low;
  auto width = static_cast<std::uint64_t>(high.count() - low.count());
  auto offset = uniform_up_to(random, width);
  return low + duration{static_cast<duration::rep>(offset)};
}

config_error above_max(const char* field, duration value, duration max) {
  return {field, detail::exact_text(value),
          "must not exceed backoff.max (" + detail::exact_text(max) + ")"};
}

} // namespace

std::string_view to_string(jitter kind) noexcept {
  switch (kind) {
    case jitter::none:
      return "none";
    case jitter::full:
      return "full";
    case jitter::equal:
      return "equal";
    case jitter::band:
      return "band";
  }
  return "unknown";
}

std::optional<config_error> backoff_policy::validate() const {
  // `max` goes first: `with_max` also lowers the others to a wrong value.
  if (auto err = detail::not_negative("backoff.max", max_))
    return err;
  if (auto err = detail::not_negative("backoff.first", first_))
    return err;
  if (auto err = detail::not_negative("backoff.floor", floor_))
    return err;
  if (!std::isfinite(factor_) || factor_ < 1.0)
    return config_error{"backoff.factor", fmt::format("{}", factor_),
                        "must be finite and at least 1"};
  if (first_ > max_)
    return above_max("backoff.first", first_, max_);
  if (floor_ > max_)
    return above_max("backoff.floor", floor_, max_);
  return std::nullopt;
}

duration backoff_policy::base_for_retry(std::uint32_t index) const noexcept {
  if (first_ <= duration::zero() || max_ <= duration::zero())
    return duration::zero();
  // Doubles are exact only up to 104 days of nanoseconds: do not use them
  // where nothing grows.
  if (index == 0 || factor_ == 1.0)
    return std::min(first_, max_);
  auto nanos = static_cast<double>(first_.count()) * std::pow(factor_, index);
  // Also true for infinity and not-a-number, and below 2^63 afterwards, the
  // rounding error of `max_` as a double included.
  if (!(nanos >= 0.0 && nanos < static_cast<double>(max_.count())))
    return max_;
  return std::min(duration{std::llround(nanos)}, max_);
}

duration backoff_policy::delay_for_retry(std::uint32_t index,
                                         random_source& random) const noexcept {
  auto base = base_for_retry(index);
  auto delay = base;
  switch (jitter_) {
    case jitter::none:
      break;
    case jitter::full:
      delay = uniform_between(duration::zero(), base, random);
      break;
    case jitter::equal:
      delay = uniform_between(base / 2, base, random);
      break;
    case jitter::band:
      // Without a base there is nothing to spread, whatever `first` is.
      if (base > duration::zero())
        delay =
          uniform_between(std::min(first_, max_),
                          std::min(saturating_mul(base, 3), max_), random);
      break;
  }
  delay = std::max(delay, floor_);
  if (first_ > duration::zero())
    delay = std::max(delay, hot_loop_guard);
  return std::clamp(delay, duration::zero(), std::max(max_, duration::zero()));
}

} // namespace taskvisor
