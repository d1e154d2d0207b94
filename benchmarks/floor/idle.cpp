// Actors that wait, and their end.
#include "sleeper.hpp"

#include <caf/scoped_actor.hpp>

namespace bench {

namespace {

void wake_all(const sleepers& x) {
  for (std::uint64_t i = 0; i < x.all.size(); ++i)
    post(x.all[i], go{i});
}

measurement idle(const options& opts) {
  auto n = opts.n();
  auto body = opts.one_of("body", {"coroutine", "actor", "permit"});
  world w{opts};
  auto before = resident_bytes();
  section timed;
  sleepers all{w, n, body == "coroutine"};
  auto result = timed.end(n);
  result.bytes_per_item = bytes_per_item(before, n);
  wake_all(all);
  all.over.wait();
  kill(all.owner);
  return result;
}

/// One actor wakes all others.
struct waker : caf::event_based_actor {
  waker(caf::actor_config& cfg, sleepers* to)
    : caf::event_based_actor(cfg), all(to) {}

  caf::behavior make_behavior() override {
    wake_all(*all);
    return {};
  }

  sleepers* all;
};

measurement shutdown(const options& opts) {
  world w{opts};
  sleepers all{w, opts.n(), true};
  section timed;
  w.system.spawn<waker>(&all);
  all.over.wait();
  auto result = timed.end(opts.n());
  kill(all.owner);
  return result;
}

measurement cancel(const options& opts) {
  world w{opts};
  sleepers all{w, opts.n(), true};
  section timed;
  wake_all(all);
  all.over.wait();
  auto result = timed.end(opts.n());
  kill(all.owner);
  return result;
}

} // namespace

workloads idle_group() {
  return {{"idle", {"body"}, idle, false},
          {"shutdown", {}, shutdown, false},
          {"cancel", {}, cancel, false}};
}

} // namespace bench
