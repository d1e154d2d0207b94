// Two tasks that run again and again. One ends itself, the other is stopped
// from outside, through a handle.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

// A plain function will do where nothing is awaited. It must return soon: for
// work that blocks there is `co_await ctx.offload(function)`.
void count(tv::task_context& ctx) {
  fmt::print("count: run {}\n", ctx.attempt());
  if (ctx.attempt() == 3)
    throw tv::canceled{}; // ends the task under every policy
}

tv::attempt beat(tv::task_context& ctx) {
  fmt::print("beat: run {}\n", ctx.attempt());
  co_await ctx.sleep_for(10ms);
}

int main() {
  tv::supervisor sup;
  // `serve` works in the background and, unlike `run`, leaves the signals to
  // you. What can go wrong comes back as a value.
  auto handle = sup.serve();
  if (!handle) {
    fmt::print(stderr, "{}\n", tv::describe(handle.error()));
    return 2;
  }
  auto counter =
    handle->add_and_watch(tv::task_spec::periodic("count", 100ms, count)).get();
  auto beater = handle->add(tv::task_spec::periodic("beat", 50ms, beat)).get();
  if (!counter || !beater)
    return 2;
  // Every operation gives a `pending`: `get` blocks this thread until the
  // result is there, inside a task you would `co_await` it.
  auto ended = counter->ended.get(5s);
  if (ended)
    fmt::print("count ended: {}\n", to_string(*ended));
  auto stopped = handle->cancel(*beater).get(5s);
  fmt::print("beat stopped: {}\n", stopped && *stopped);
  auto report = handle->shutdown().get(5s);
  return ended && report && report->within_grace() ? 0 : 1;
}
