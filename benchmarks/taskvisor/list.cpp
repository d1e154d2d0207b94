// Operations beside many idle tasks: none may depend on their number, but for
// the one that lists them.
#include "world.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace bench {

namespace {

measurement list(const options& opts) {
  constexpr std::size_t times = 20;
  world w{opts};
  w.add_sleepers(opts.n());
  section timed;
  for (std::size_t i = 0; i < times; ++i) {
    auto tasks = w.handle.list().get();
    require(tasks && tasks->size() == opts.n(), "a task is missing");
  }
  return timed.end(times);
}

measurement by_name(const options& opts) {
  auto n = opts.n();
  auto times = std::min<std::size_t>(n, 1000);
  world w{opts};
  w.add_sleepers(n);
  std::vector<std::chrono::nanoseconds> samples;
  samples.reserve(times);
  section timed;
  for (std::size_t i = 0; i < times; ++i) {
    auto begin = steady::now();
    auto claimed = w.handle.cancel(name_of(i * (n / times))).get();
    samples.push_back(steady::now() - begin);
    require(claimed && *claimed, "a task was not found by its name");
  }
  auto result = timed.end(times);
  result.latency = summarize(std::move(samples));
  return result;
}

} // namespace

workloads list_group() {
  return {{"list", {}, list, false}, {"by_name", {}, by_name, false}};
}

} // namespace bench
