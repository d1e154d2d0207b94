// Knows at every moment what the tasks do, although it came late: first the
// present state, then every change of it.
#include <taskvisor/events/state_mirror.hpp>
#include <taskvisor/subscribers/subscriber.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt serves(tv::task_context& ctx) {
  co_await ctx.until_stopped();
}

void print(const tv::state_mirror& state) {
  for (const auto& [id, task] : state.tasks())
    fmt::print("  {} {}", task.name, label(task.state));
  fmt::print("\n");
}

int main() {
  tv::supervisor sup;
  auto handle = sup.serve();
  if (!handle || !handle->add(tv::task_spec::once("early", serves)).get())
    return 2;
  // Only the subscriber's own actor touches it.
  auto state = std::make_shared<tv::state_mirror>();
  tv::subscriber_options options;
  options.name = "live_state";
  // At its place among the events: after those that it contains, before all
  // others. After losses it comes once more, and all is right again.
  options.on_snapshot = [state](const tv::state_snapshot& x) {
    state->reset(x);
    fmt::print("there were {} tasks\n", x.tasks.size());
  };
  auto on_event = [state](const tv::event& x) {
    state->apply(x);
    if (x.state || x.kind == tv::event_kind::task_removed)
      print(*state);
  };
  auto subscribed =
    tv::attach_subscriber(sup.system(), sup.shared_events(), options, on_event);
  if (!subscribed)
    return 2;
  auto late = handle->add_and_watch(tv::task_spec::once("late", serves)).get();
  if (!late || !handle->cancel("late").get())
    return 1;
  auto ended = late->ended.get();
  return ended && ended->kind == tv::outcome_kind::canceled ? 0 : 1;
}
