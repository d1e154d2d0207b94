#include "measure.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <malloc.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace bench {

namespace {

double seconds(const timeval& x) {
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) * 1e-6;
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace

void require(bool ok, const char* what) {
  if (!ok)
    throw wrong_result{what};
}

void require_count(std::size_t got, std::size_t wanted, const char* what) {
  if (got != wanted)
    throw wrong_result{fmt::format("{}: {} instead of {}", what, got, wanted)};
}

section::section() : wall_(steady::now()), cpu_(cpu_seconds()) {}

measurement section::end(std::size_t ops) const {
  measurement result;
  result.wall = std::chrono::duration<double>(steady::now() - wall_).count();
  result.cpu = cpu_seconds() - cpu_;
  result.ops = ops;
  return result;
}

latencies summarize(std::vector<std::chrono::nanoseconds> samples) {
  require(!samples.empty(), "no sample was taken");
  std::sort(samples.begin(), samples.end());
  auto at = [&](std::size_t percent) {
    auto index = std::min(samples.size() * percent / 100, samples.size() - 1);
    return std::chrono::duration<double>(samples[index]).count();
  };
  return {at(50), at(99)};
}

std::size_t resident_bytes() {
  malloc_trim(0);
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t pages = 0;
  statm >> total >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::size_t peak_bytes() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:"))
      return std::stoull(line.substr(6)) * 1024;
  throw wrong_result{"/proc/self/status has no VmHWM"};
}

double bytes_per_item(std::size_t before, std::size_t n) {
  auto now = resident_bytes();
  auto grown = now > before ? now - before : 0;
  return static_cast<double>(grown) / static_cast<double>(n);
}

} // namespace bench
