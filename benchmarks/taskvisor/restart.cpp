// From a failure to running again.
#include "gate.hpp"
#include "world.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace bench {

namespace {

using samples = std::vector<std::chrono::nanoseconds>;

tv::task_spec retried(std::string name, auto body, tv::duration backoff) {
  return tv::task_spec::restartable(std::move(name), std::move(body))
    .with_backoff(tv::backoff_policy::constant(backoff));
}

measurement one(const options& opts) {
  auto n = opts.n();
  world w{opts};
  samples taken;
  taken.reserve(n);
  steady::time_point thrown;
  auto yields = opts.one_of("fails_by", {"throw", "yield"}) == "yield";
  auto body = [&](tv::task_context& ctx) -> tv::attempt {
    auto now = steady::now();
    if (ctx.attempt() > 1)
      taken.push_back(now - thrown);
    if (taken.size() == n)
      co_return;
    thrown = steady::now();
    if (yields)
      co_yield tv::fail{"again"};
    throw tv::fail{"again"};
  };
  section timed;
  auto task = w.handle.add_and_watch(retried("t", body, 0s)).get();
  require(static_cast<bool>(task), "the task was not added");
  auto end = task->ended.get();
  auto result = timed.end(n);
  require(end && end->is_success(), "the task did not complete");
  require_count(taken.size(), n, "restarts");
  result.latency = summarize(std::move(taken));
  return result;
}

/// What the tasks of a storm share.
struct storm_log {
  explicit storm_log(std::size_t n)
    : way(n), ready(n), again(n), thrown(n), taken(n) {}

  gate way;
  countdown ready;
  countdown again;
  std::vector<steady::time_point> thrown;
  samples taken;
};

tv::task_spec fails_once(storm_log& log, std::size_t i, tv::duration backoff) {
  auto body = [&log, i](tv::task_context& ctx) -> tv::attempt {
    if (ctx.attempt() == 1) {
      auto opened = log.way.wait();
      log.ready.arrive();
      co_await opened;
      log.thrown[i] = steady::now();
      throw std::runtime_error{"again"};
    }
    log.taken[i] = steady::now() - log.thrown[i];
    log.again.arrive();
    co_await ctx.sleep_for(24h);
  };
  return retried(name_of(i), body, backoff);
}

measurement storm(const options& opts) {
  auto n = opts.n();
  auto backoff = std::chrono::milliseconds{opts.number("backoff_ms", 0)};
  storm_log log{n};
  world w{opts};
  for (std::size_t i = 0; i < n; ++i)
    static_cast<void>(w.handle.add(fails_once(log, i, backoff)));
  log.ready.wait();
  section timed;
  log.way.open();
  log.again.wait();
  auto result = timed.end(n);
  result.latency = summarize(log.taken);
  return result;
}

} // namespace

workloads restart_group() {
  return {{"restart_one", {"fails_by"}, one, true},
          {"restart_storm", {"backoff_ms"}, storm, false}};
}

} // namespace bench
