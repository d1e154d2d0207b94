// The safe ways to write what g++ 12 would miscompile; docs/coroutines.md
// quotes them, and tells about the unsafe ones.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <chrono>
#include <string>
#include <thread>

namespace tv = taskvisor;
using namespace std::chrono_literals;

std::size_t slow_length(const std::string& text) {
  std::this_thread::sleep_for(10ms); // stands for a call that blocks
  return text.size();
}

// Pass what a function needs as arguments, or name the lambda first.
tv::attempt offloads(tv::task_context& ctx) {
  auto text = std::string{"a text that is too long for the small buffer"};
  auto size = co_await ctx.offload(slow_length, text);
  auto job = [text] { return slow_length(text); };
  auto again = co_await ctx.offload(job);
  fmt::print("lengths: {} and {}\n", size, again);
}

// Name the result, then branch on it.
tv::attempt branches(tv::task_context& ctx) {
  for (;;) {
    auto why = co_await ctx.try_sleep_for(1h);
    if (why != tv::stop_reason::none)
      break;
  }
  fmt::print("stopped, without an exception\n");
}

tv::coro<> say_goodbye(tv::task_context& ctx) {
  co_await ctx.sleep_for(10ms);
  fmt::print("goodbye\n");
}

// Cleanup that awaits: the stop interrupts the first sleep, not the shielded
// one. `co_await` is not allowed in a catch block, hence the flag.
tv::attempt cleans_up(tv::task_context& ctx) {
  auto done = false;
  try {
    co_await ctx.sleep_for(1h);
    done = true;
  } catch (const tv::stopped&) {}
  if (!done) {
    co_await ctx.shielded(say_goodbye(ctx));
    throw tv::canceled{};
  }
}

tv::coro<int> answer(tv::task_context& ctx, tv::duration after) {
  co_await ctx.sleep_for(after);
  co_return 42;
}

// Several awaits at once, each made by a function.
tv::attempt combines(tv::task_context& ctx) {
  auto [a, b] = co_await tv::when_all(answer(ctx, 20ms), answer(ctx, 10ms));
  auto first = co_await tv::when_any(answer(ctx, 10ms), ctx.sleep_for(1h));
  fmt::print("all: {}, any: number {}\n", a + b, first.index());
}

tv::attempt stops_all(tv::task_context& ctx, tv::supervisor_handle handle) {
  co_await ctx.sleep_for(300ms);
  co_await handle.shutdown();
}

int main() {
  tv::supervisor sup;
  auto handle = sup.serve();
  if (!handle)
    return 2;
  auto stop = [handle = *handle](tv::task_context& ctx) {
    return stops_all(ctx, handle);
  };
  return sup
    .run({tv::task_spec::once("offloads", offloads),
          tv::task_spec::once("branches", branches),
          tv::task_spec::once("cleans_up", cleans_up),
          tv::task_spec::once("combines", combines),
          tv::task_spec::once("stop", stop)})
    .exit_code();
}
