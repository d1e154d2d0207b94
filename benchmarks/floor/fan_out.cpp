// One message, shared by all actors that count it.
#include "world.hpp"

#include <functional>

namespace bench {

namespace {

struct counter : tv::event_sink_actor::base {
  counter(caf::actor_config& cfg, std::size_t n, countdown& all)
    : tv::event_sink_actor::base(cfg), left(n), done(all) {}

  behavior_type make_behavior() override {
    return {
      [this](const tv::event&) {
        if (--left == 0)
          done.arrive();
      },
      [this](tv::close_sink) { quit(); },
    };
  }

  std::size_t left;
  countdown& done;
};

tv::event sample() {
  tv::event x;
  x.kind = tv::event_kind::attempt_starting;
  x.task = "a task of usual length";
  return x;
}

measurement fan_out(const options& opts) {
  auto n = opts.n();
  auto subscribers = opts.number("subscribers", 1);
  countdown seen{subscribers};
  world w{opts};
  std::vector<caf::strong_actor_ptr> actors;
  for (std::size_t i = 0; i < subscribers; ++i)
    actors.push_back(caf::actor_cast<caf::strong_actor_ptr>(
      w.system.spawn<counter>(n, std::ref(seen))));
  section timed;
  for (std::size_t i = 0; i < n; ++i) {
    auto content = caf::make_message(sample());
    for (const auto& to : actors)
      tv::detail::post_shared(to, content);
  }
  seen.wait();
  auto result = timed.end(n);
  for (const auto& x : actors)
    post(caf::actor_cast<tv::event_sink_actor>(x), tv::close_sink{});
  return result;
}

} // namespace

workloads fan_out_group() {
  return {{"fan_out", {"subscribers"}, fan_out, false}};
}

} // namespace bench
