/// What every program measures, in the same way: see benchmarks/README.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <vector>

namespace bench {

using steady = std::chrono::steady_clock;

/// The program did something else than what was to be measured.
struct wrong_result : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws `wrong_result` if `ok` is false: a wrong program has no speed.
void require(bool ok, const char* what);

/// Throws `wrong_result` with both numbers if they differ.
void require_count(std::size_t got, std::size_t wanted, const char* what);

struct latencies {
  double p50 = 0;
  double p99 = 0;
};

struct measurement {
  /// What `wall` and `cpu` are spent on.
  std::size_t ops = 0;
  double wall = 0;
  /// User and system time of the whole process.
  double cpu = 0;
  std::optional<latencies> latency;
  std::optional<double> bytes_per_item;
  /// Events that a subscriber did not get.
  std::optional<std::size_t> lost;
};

/// Wall and CPU time from its construction on.
class section {
public:
  section();

  measurement end(std::size_t ops) const;

private:
  steady::time_point wall_;
  double cpu_;
};

/// In seconds; from samples in nanoseconds, of which there is at least one.
latencies summarize(std::vector<std::chrono::nanoseconds> samples);

/// The memory of the process now, after the heap gave back what is free.
std::size_t resident_bytes();

/// The most that it ever was.
std::size_t peak_bytes();

/// Growth since `before`, for each of `n` items.
double bytes_per_item(std::size_t before, std::size_t n);

} // namespace bench
