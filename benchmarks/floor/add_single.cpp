// One request to a detached actor after the other, each answered before the
// next.
#include "clients.hpp"
#include "world.hpp"

#include <caf/scoped_actor.hpp>

#include <utility>

namespace bench {

namespace {

caf::behavior answers(caf::event_based_actor*) {
  return {[](std::uint64_t x) { return x; }};
}

measurement add_single(const options& opts) {
  world w{opts};
  auto server = w.system.spawn<caf::detached>(answers);
  auto result = measure_clients(opts, [&](const client_range& mine) {
    caf::scoped_actor self{w.system};
    std::vector<std::chrono::nanoseconds> samples;
    samples.reserve(mine.end - mine.begin);
    for (std::uint64_t i = mine.begin; i < mine.end; ++i) {
      auto begin = steady::now();
      ask(self.ptr(), server, i)
        .receive([i](std::uint64_t x) { require_count(x, i, "the answer"); },
                 [](const caf::error&) { require(false, "no answer"); });
      samples.push_back(steady::now() - begin);
    }
    return samples;
  });
  kill(server);
  return result;
}

} // namespace

workloads add_single_group() {
  return {{"add_single", {"threads"}, add_single, false}};
}

} // namespace bench
