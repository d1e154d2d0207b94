// One task after the other, each confirmed before the next.
#include "clients.hpp"
#include "world.hpp"

#include <utility>

namespace bench {

namespace {

measurement add_single(const options& opts) {
  world w{opts};
  auto result = measure_clients(opts, [&](const client_range& mine) {
    std::vector<std::chrono::nanoseconds> samples;
    samples.reserve(mine.end - mine.begin);
    for (auto i = mine.begin; i < mine.end; ++i) {
      auto begin = steady::now();
      auto id = w.handle.add(tv::task_spec::once(name_of(i), asleep)).get();
      samples.push_back(steady::now() - begin);
      require(static_cast<bool>(id), "a task was not added");
    }
    return samples;
  });
  auto tasks = w.handle.list().get();
  require(static_cast<bool>(tasks), "the tasks were not listed");
  require_count(tasks->size(), opts.n(), "tasks");
  return result;
}

} // namespace

workloads add_single_group() {
  return {{"add_single", {"threads"}, add_single, false}};
}

} // namespace bench
