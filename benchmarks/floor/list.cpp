// A request that is answered with a copy of what it asks for.
#include "world.hpp"

#include <caf/scoped_actor.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace bench {

namespace {

using task_infos = std::vector<tv::task_info>;

/// Answers with a copy of its list, and with the index of its question.
struct holder : caf::event_based_actor {
  holder(caf::actor_config& cfg, std::size_t n)
    : caf::event_based_actor(cfg), all(n) {
    for (std::size_t i = 0; i < n; ++i)
      all[i].name = fmt::format("t{}", i);
  }

  caf::behavior make_behavior() override {
    return {
      [this](tv::list_tasks) { return all; },
      [](std::uint64_t x) { return x; },
    };
  }

  task_infos all;
};

void fails(const caf::error&) {
  require(false, "no answer");
}

measurement list(const options& opts) {
  constexpr std::size_t times = 20;
  world w{opts};
  auto server = w.system.spawn<holder, caf::detached>(opts.n());
  caf::scoped_actor self{w.system};
  section timed;
  for (std::size_t i = 0; i < times; ++i)
    ask(self.ptr(), server, tv::list_tasks{})
      .receive(
        [&](const task_infos& x) {
          require_count(x.size(), opts.n(), "tasks");
        },
        fails);
  auto result = timed.end(times);
  kill(server);
  return result;
}

measurement by_name(const options& opts) {
  auto times = std::min<std::size_t>(opts.n(), 1000);
  world w{opts};
  auto server = w.system.spawn<holder, caf::detached>(opts.n());
  caf::scoped_actor self{w.system};
  std::vector<std::chrono::nanoseconds> samples;
  samples.reserve(times);
  section timed;
  for (std::uint64_t i = 0; i < times; ++i) {
    auto begin = steady::now();
    ask(self.ptr(), server, i)
      .receive([i](std::uint64_t x) { require_count(x, i, "the answer"); },
               fails);
    samples.push_back(steady::now() - begin);
  }
  auto result = timed.end(times);
  kill(server);
  result.latency = summarize(std::move(samples));
  return result;
}

} // namespace

workloads list_group() {
  return {{"list", {}, list, false}, {"by_name", {}, by_name, false}};
}

} // namespace bench
