// Tasks come and go while others run. Here a task manages the others; a plain
// thread does the same with `.get()` in place of `co_await`.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

void tick(tv::task_context& ctx) {
  if (ctx.attempt() == 1)
    fmt::print("{} ticks\n", ctx.name());
}

tv::attempt copy(tv::task_context& ctx) {
  co_await ctx.sleep_for(40ms);
  fmt::print("{} works\n", ctx.name());
}

tv::coro<> show(const tv::supervisor_handle& tasks) {
  fmt::print("registered:");
  auto all = co_await tasks.list();
  for (const auto& task : *all) // sorted by age
    fmt::print(" {}", task.name);
  fmt::print("\n");
}

tv::attempt manage(tv::task_context& ctx, tv::supervisor_handle tasks) {
  co_await ctx.sleep_for(100ms);
  auto b = co_await tasks.add(tv::task_spec::periodic("B", 30ms, tick));
  co_await ctx.sleep_for(100ms);
  co_await show(tasks);
  // A waiter gives the outcome of a task, once, when its name is free again.
  auto once = co_await tasks.add_and_watch(tv::task_spec::once("copy", copy));
  auto ended = co_await once->ended;
  fmt::print("copy ended: {}\n", to_string(*ended));
  // `remove` answers as soon as the stop is decided, `cancel` when the task is
  // gone. Both say whether it was this call that stopped the task.
  auto removed = co_await tasks.remove("A");
  auto again = co_await tasks.cancel("A");
  fmt::print("A: removed {}, then canceled {}\n", *removed, *again);
  co_await show(tasks);
  // The name is free now, for another task.
  auto a = co_await tasks.add(tv::task_spec::once("A", tick));
  fmt::print("A: added again {}\n", a && *a != *b);
  auto canceled = co_await tasks.cancel(*b); // by id: surely that task
  fmt::print("B: canceled {}\n", *canceled);
  co_await show(tasks);
}

int main() {
  tv::supervisor sup{tv::supervisor_config{}.with_grace(5s)};
  auto handle = sup.serve();
  if (!handle) {
    fmt::print(stderr, "{}\n", tv::describe(handle.error()));
    return 2;
  }
  auto manager = [tasks = *handle](tv::task_context& ctx) {
    return manage(ctx, tasks);
  };
  // Returns when no task is left.
  auto result = sup.run({tv::task_spec::periodic("A", 50ms, tick),
                         tv::task_spec::once("manager", manager)});
  fmt::print("{}\n", to_string(result));
  return result.exit_code();
}
