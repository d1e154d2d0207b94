// One request to a detached actor and one actor's life for each submission.
#include "world.hpp"

#include <functional>
#include <utility>

namespace bench {

namespace {

/// When each submission was made and how long it took to start.
struct submit_log {
  explicit submit_log(std::size_t n) : submitted(n), started(n), over(n) {}

  std::vector<steady::time_point> submitted;
  std::vector<std::chrono::nanoseconds> started;
  countdown over;
};

struct job : caf::event_based_actor {
  job(caf::actor_config& cfg, caf::actor to, submit_log& x, std::uint64_t i)
    : caf::event_based_actor(cfg), owner(std::move(to)), log(x), index(i) {}

  caf::behavior make_behavior() override {
    log.started[index] = steady::now() - log.submitted[index];
    post(owner, ended{index});
    return {};
  }

  void on_exit() override { owner = nullptr; }

  caf::actor owner;
  submit_log& log;
  std::uint64_t index;
};

/// Starts a job for each request.
struct dispatcher : caf::event_based_actor {
  dispatcher(caf::actor_config& cfg, submit_log& x)
    : caf::event_based_actor(cfg), log(x) {}

  caf::behavior make_behavior() override {
    return {
      [this](std::uint64_t i) {
        spawn<job>(caf::actor{this}, std::ref(log), i);
        return i;
      },
      [this](const ended&) { log.over.arrive(); },
    };
  }

  submit_log& log;
};

/// Makes all requests, with 1000 unanswered at most.
struct client : caf::event_based_actor {
  client(caf::actor_config& cfg, caf::actor to, submit_log& x)
    : caf::event_based_actor(cfg), server(std::move(to)), log(x) {}

  caf::behavior make_behavior() override {
    return {[this](const go&) {
      for (std::size_t i = 0; i < 1000; ++i)
        step();
    }};
  }

  void step() {
    if (next == log.submitted.size())
      return;
    log.submitted[next] = steady::now();
    ask(this, server, next++)
      .then([this](std::uint64_t) { on_answer(); },
            [this](const caf::error& e) { quit(e); });
  }

  void on_answer() {
    if (++answers == log.submitted.size())
      quit();
    else
      step();
  }

  void on_exit() override { server = nullptr; }

  caf::actor server;
  submit_log& log;
  std::uint64_t next = 0;
  std::size_t answers = 0;
};

measurement submit(const options& opts) {
  if (opts.one_of("policy", {"queue", "replace", "drop"}) != "queue")
    throw absent{"bare CAF has no policies"};
  submit_log log{opts.n()};
  world w{opts};
  auto server = w.system.spawn<dispatcher, caf::detached>(std::ref(log));
  section timed;
  post(w.system.spawn<client>(server, std::ref(log)), go{});
  log.over.wait();
  auto result = timed.end(opts.n());
  kill(server);
  result.latency = summarize(std::move(log.started));
  return result;
}

} // namespace

workloads submit_group() {
  return {{"submit", {"slots", "policy"}, submit, true}};
}

} // namespace bench
