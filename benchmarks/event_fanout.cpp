// What it costs to be watched.
//
// Fan-out: events delivered per second to 1, 4 and 16 subscribers, beside bare
// CAF actors that count the same messages, each shared by all of them.
// Tasks: how long 20,000 instant tasks take beside two hostile subscribers, one
// that never returns and one that sleeps, instead of two quick ones.
// Both sides of a ratio take turns; the median of 5 rounds counts.
#include "taskvisor/subscribers/subscriber.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t events = 100'000;
constexpr std::size_t tasks = 20'000;
constexpr std::size_t rounds = 5;

template <class F>
double seconds(F f) {
  auto begin = steady::now();
  f();
  return std::chrono::duration<double>(steady::now() - begin).count();
}

double median(std::array<double, rounds> x) {
  std::sort(x.begin(), x.end());
  return x[rounds / 2];
}

tv::event sample() {
  tv::event x;
  x.kind = tv::event_kind::attempt_starting;
  x.task = "a task of usual length";
  return x;
}

void wait_for(const std::atomic<std::size_t>& counter, std::size_t value) {
  for (auto now = counter.load(); now < value; now = counter)
    std::this_thread::sleep_for(100us);
}

double with_subscribers(std::size_t count) {
  tv::supervisor sup;
  std::atomic<std::size_t> seen{0};
  for (std::size_t i = 0; i < count; ++i)
    if (!tv::attach_subscriber(sup.system(), sup.shared_events(),
                               {.capacity = events},
                               [&seen](const tv::event&) { ++seen; }))
      std::abort();
  auto handle = *sup.serve();
  return seconds([&] {
    for (std::size_t i = 0; i < events; ++i)
      sup.events().publish(sample());
    wait_for(seen, events * count);
  });
}

/// An actor that counts, as little as CAF can do.
struct counter : tv::event_sink_actor::base {
  counter(caf::actor_config& cfg, std::atomic<std::size_t>& to)
    : tv::event_sink_actor::base(cfg), seen(to) {}

  behavior_type make_behavior() override {
    return {
      [this](const tv::event&) { ++seen; },
      [this](tv::close_sink) { quit(); },
    };
  }

  std::atomic<std::size_t>& seen;
};

double with_bare_actors(std::size_t count) {
  tv::supervisor sup; // for its actor system
  std::atomic<std::size_t> seen{0};
  std::vector<caf::strong_actor_ptr> actors;
  for (std::size_t i = 0; i < count; ++i)
    actors.push_back(caf::actor_cast<caf::strong_actor_ptr>(
      sup.system().spawn<counter>(std::ref(seen))));
  return seconds([&] {
    for (std::size_t i = 0; i < events; ++i) {
      auto content = caf::make_message(sample());
      for (const auto& to : actors)
        tv::detail::post_shared(to, content);
    }
    wait_for(seen, events * count);
  });
}

void compare_fan_out(std::size_t count) {
  std::array<double, rounds> ours{};
  std::array<double, rounds> bare{};
  for (std::size_t i = 0; i < rounds; ++i) {
    ours[i] = with_subscribers(count);
    bare[i] = with_bare_actors(count);
  }
  auto rate = static_cast<double>(events * count) / median(ours);
  fmt::print("{:>2} subscribers: {:>5.2f} million events/s, {:.2f} of bare "
             "CAF\n",
             count, rate / 1e6, median(bare) / median(ours));
}

double run_tasks(bool hostile) {
  static std::atomic<bool> released;
  released = !hostile;
  tv::supervisor sup;
  auto attach = [&](std::string name, tv::event_callback callback) {
    if (!tv::attach_subscriber(
          sup.system(), sup.shared_events(),
          {.name = std::move(name), .capacity = 16, .blocking = true},
          std::move(callback)))
      std::abort();
  };
  attach("stuck", [](const tv::event&) { released.wait(false); });
  attach("sleeps", [hostile](const tv::event&) {
    if (hostile)
      std::this_thread::sleep_for(1ms);
  });
  auto handle = *sup.serve();
  auto result = seconds([&] {
    std::vector<tv::pending<tv::watched_task>> added;
    added.reserve(tasks);
    for (std::size_t i = 0; i < tasks; ++i)
      added.push_back(handle.add_and_watch(tv::task_spec::once(
        "task " + std::to_string(i), [](tv::task_context&) {})));
    for (auto& x : added)
      if (auto task = x.get(); !task || !task->ended.get())
        std::abort();
  });
  released = true;
  released.notify_all();
  return result;
}

} // namespace

int main() {
  for (std::size_t count : {1, 4, 16})
    compare_fan_out(count);
  std::array<double, rounds> quick{};
  std::array<double, rounds> hostile{};
  for (std::size_t i = 0; i < rounds; ++i) {
    quick[i] = run_tasks(false);
    hostile[i] = run_tasks(true);
  }
  fmt::print("{} tasks: {:.2f} us each, {:.2f} us beside hostile subscribers: "
             "{:.2f} times\n",
             tasks, median(quick) / tasks * 1e6, median(hostile) / tasks * 1e6,
             median(hostile) / median(quick));
}
