#pragma once

#include <cstdint>

namespace taskvisor {

/// Where jitter takes its chance from. Not thread-safe: one source belongs to
/// one actor. Tests pass a source that returns what they want.
class random_source {
public:
  virtual ~random_source() = default;

  /// The next of a sequence of independent, uniform 64-bit numbers.
  virtual std::uint64_t next() noexcept = 0;

protected:
  random_source() = default;
  random_source(const random_source&) = default;
  random_source& operator=(const random_source&) = default;
};

/// The default source, SplitMix64: eight bytes of state, so that every task
/// actor has its own, and equal seeds give equal sequences on every platform.
/// Not for cryptography.
class splitmix64 final : public random_source {
public:
  constexpr explicit splitmix64(std::uint64_t seed) noexcept : state_(seed) {
    // nop
  }

  /// One of many unrelated sequences of one seed: pass the supervisor's seed
  /// and the task's number.
  constexpr splitmix64(std::uint64_t seed, std::uint64_t stream) noexcept
    : state_(mix(seed) ^ mix(~stream)) {
    // nop
  }

  std::uint64_t next() noexcept override {
    return mix(state_ += 0x9e3779b97f4a7c15u);
  }

private:
  static constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::uint64_t state_;
};

/// A uniform number from the closed range [0, bound], for every bound.
/// Takes one number from the source, sometimes two, and never more: it ends
/// for every source, also one that always returns the same number. A source of
/// zeros gives 0 and a source of ones gives `bound`. The deviation from exact
/// uniformity is below 2^-64.
inline std::uint64_t uniform_up_to(random_source& random,
                                   std::uint64_t bound) noexcept {
  __extension__ using wide = unsigned __int128;
  if (bound == UINT64_MAX)
    return random.next();
  // Reads the random bits as a fraction in [0, 1) and scales it. Rejection
  // would be exact, but could loop for ever on a scripted source.
  auto count = bound + 1;
  auto scaled = wide{random.next()} * count;
  auto result = static_cast<std::uint64_t>(scaled >> 64);
  auto rest = static_cast<std::uint64_t>(scaled);
  if (rest <= UINT64_MAX - count)
    return result;
  auto carry = static_cast<std::uint64_t>((wide{random.next()} * count) >> 64);
  return carry > UINT64_MAX - rest ? result + 1 : result;
}

} // namespace taskvisor
