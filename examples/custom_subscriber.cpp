// Watches what happens with a callback of its own: one line for each event,
// and a count of the failures.
#include <taskvisor/subscribers/subscriber.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <atomic>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt works(tv::task_context& ctx) {
  co_await ctx.sleep_for(300ms);
}

tv::attempt breaks(tv::task_context& ctx) {
  co_await ctx.sleep_for(250ms);
  throw tv::fail("out of paper").with_exit_code(75);
}

int main() {
  tv::supervisor sup;
  // The callback is called for one event at a time, in their order, and never
  // holds up a task: if it is slow, its own queue fills up and the newest
  // events are lost for it alone, and counted.
  std::atomic<int> failures{0};
  auto on_event = [&failures](const tv::event& x) {
    if (x.kind == tv::event_kind::attempt_failed)
      ++failures;
    fmt::print("{}{}{}{}{}\n", label(x.kind), x.task.empty() ? "" : " of ",
               x.task, x.reason.empty() ? "" : ": ", x.reason);
  };
  tv::subscriber_options options;
  options.name = "console";
  options.capacity = 256;
  // Attached before `run`, it misses nothing.
  auto console =
    tv::attach_subscriber(sup.system(), sup.shared_events(), options, on_event);
  if (!console) {
    fmt::print(stderr, "{}\n", tv::describe(console.error()));
    return 2;
  }
  auto result = sup.run({tv::task_spec::once("printer", breaks),
                         tv::task_spec::once("scanner", works)});
  // `run` has waited for the queues of the subscribers: nothing is missing.
  fmt::print("{} failures in {} events, {} lost\n", failures.load(),
             console->delivered(), console->lost());
  // The failed task would make `result.exit_code()` 1; here it was the point.
  return result.count(tv::outcome_kind::failed) == 1 ? 0 : 1;
}
