// An actor that runs at once, tells its end by a typed message, and exits.
#include "world.hpp"

#include <caf/scoped_actor.hpp>

#include <atomic>
#include <utility>
#include <vector>

namespace bench {

namespace {

/// What a task makes known in taskvisor.
constexpr std::size_t events_of_one_shot = 6;

struct one_shot : caf::event_based_actor {
  one_shot(caf::actor_config& cfg, caf::actor to, std::uint64_t i)
    : caf::event_based_actor(cfg), owner(std::move(to)), index(i) {}

  caf::behavior make_behavior() override {
    post(owner, ended{index});
    return {}; // ends it
  }

  void on_exit() override { owner = nullptr; }

  caf::actor owner;
  std::uint64_t index;
};

/// Counts events, as a subscriber does.
struct counter : caf::event_based_actor {
  counter(caf::actor_config& cfg, std::size_t events, countdown& all)
    : caf::event_based_actor(cfg), left(events), done(all) {}

  caf::behavior make_behavior() override {
    return {[this](const tv::event&) {
      if (--left != 0)
        return;
      done.arrive();
      quit();
    }};
  }

  std::size_t left;
  countdown& done;
};

/// Notes the ends, and tells the counters.
struct collector : caf::event_based_actor {
  collector(caf::actor_config& cfg, std::size_t n, semaphore& credits,
            std::vector<caf::actor> counters)
    : caf::event_based_actor(cfg),
      left(n),
      known(credits),
      to(std::move(counters)) {}

  caf::behavior make_behavior() override {
    return {[this](const ended&) { on_ended(); }};
  }

  void on_ended() {
    if (!to.empty())
      tell();
    known.post();
    if (--left == 0)
      quit();
  }

  void tell() const {
    for (std::size_t i = 0; i < events_of_one_shot; ++i) {
      tv::event x;
      x.kind = tv::event_kind::attempt_starting;
      x.task = "t12345";
      auto content = caf::make_message(std::move(x));
      for (const auto& who : to)
        tv::detail::post_shared(caf::actor_cast<caf::strong_actor_ptr>(who),
                                content);
    }
  }

  void on_exit() override { to.clear(); }

  std::size_t left;
  semaphore& known;
  std::vector<caf::actor> to;
};

measurement spawn_all(const options& opts, std::size_t outstanding) {
  auto n = opts.n();
  auto subscribers = opts.number("subscribers", 0);
  countdown seen{subscribers};
  semaphore known;
  world w{opts};
  std::vector<caf::actor> counters;
  for (std::size_t i = 0; i < subscribers; ++i)
    counters.push_back(
      w.system.spawn<counter>(n * events_of_one_shot, std::ref(seen)));
  section timed;
  auto owner =
    w.system.spawn<collector>(n, std::ref(known), std::move(counters));
  for (std::size_t i = 0; i < n; ++i) {
    if (i >= outstanding)
      known.wait();
    w.system.spawn<one_shot>(owner, i);
  }
  for (std::size_t i = 0; i < std::min(n, outstanding); ++i)
    known.wait();
  seen.wait();
  return timed.end(n);
}

measurement batch(const options& opts) {
  return spawn_all(opts, opts.n());
}

measurement window(const options& opts) {
  return spawn_all(opts, 1000);
}

measurement single(const options& opts) {
  auto n = opts.n();
  world w{opts};
  caf::scoped_actor self{w.system};
  std::vector<std::chrono::nanoseconds> samples;
  samples.reserve(n);
  section timed;
  for (std::size_t i = 0; i < n; ++i) {
    auto begin = steady::now();
    w.system.spawn<one_shot>(caf::actor_cast<caf::actor>(self), i);
    self->receive(
      [i](const ended& x) { require_count(x.index, i, "the end of"); });
    samples.push_back(steady::now() - begin);
  }
  auto result = timed.end(n);
  result.latency = summarize(std::move(samples));
  return result;
}

} // namespace

workloads lifecycle_group() {
  return {{"lifecycle_batch", {"subscribers"}, batch, true},
          {"lifecycle_window", {"subscribers"}, window, true},
          {"lifecycle_single", {}, single, true}};
}

} // namespace bench
