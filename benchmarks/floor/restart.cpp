// One message round trip between an actor and another: the least that a
// restart can cost that does not run inline.
#include "world.hpp"

#include <functional>
#include <utility>

namespace bench {

namespace {

using samples = std::vector<std::chrono::nanoseconds>;

caf::behavior calls_back(caf::event_based_actor*) {
  return {[](const call_back& x) { post(x.who, go{1}); }};
}

/// Makes `rounds` round trips one after the other, from the first `go` on.
struct traveller : caf::event_based_actor {
  traveller(caf::actor_config& cfg, caf::actor to, std::size_t rounds,
            samples& log, countdown& all)
    : caf::event_based_actor(cfg),
      other(std::move(to)),
      left(rounds),
      taken(log),
      done(all) {}

  caf::behavior make_behavior() override {
    return {[this](const go& x) {
      if (x.index != 0)
        taken.push_back(steady::now() - begin);
      step();
    }};
  }

  void step() {
    if (left == 0) {
      done.arrive();
      quit();
      return;
    }
    --left;
    begin = steady::now();
    post(other, call_back{caf::actor{this}});
  }

  void on_exit() override { other = nullptr; }

  caf::actor other;
  std::size_t left;
  samples& taken;
  countdown& done;
  steady::time_point begin;
};

measurement one(const options& opts) {
  auto n = opts.n();
  samples taken;
  taken.reserve(n);
  countdown done{1};
  world w{opts};
  auto other = w.system.spawn(calls_back);
  section timed;
  post(w.system.spawn<traveller>(other, n, std::ref(taken), std::ref(done)),
       go{0});
  done.wait();
  auto result = timed.end(n);
  kill(other);
  require_count(taken.size(), n, "round trips");
  result.latency = summarize(std::move(taken));
  return result;
}

measurement storm(const options& opts) {
  auto n = opts.n();
  if (opts.number("backoff_ms", 0) != 0)
    throw absent{"CAF 0.17 cannot cancel a timer, and 1.x is quadratic"};
  std::vector<samples> taken(n);
  countdown done{n};
  world w{opts};
  auto other = w.system.spawn(calls_back);
  std::vector<caf::actor> all;
  all.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    taken[i].reserve(1);
    all.push_back(
      w.system.spawn<traveller>(other, 1, std::ref(taken[i]), std::ref(done)));
  }
  section timed;
  for (const auto& x : all)
    post(x, go{0});
  done.wait();
  auto result = timed.end(n);
  kill(other);
  samples together;
  for (const auto& x : taken)
    together.insert(together.end(), x.begin(), x.end());
  require_count(together.size(), n, "round trips");
  result.latency = summarize(std::move(together));
  return result;
}

} // namespace

workloads restart_group() {
  return {{"restart_one", {}, one, true},
          {"restart_storm", {"backoff_ms"}, storm, false}};
}

} // namespace bench
