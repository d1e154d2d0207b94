// The policies side by side: three submissions in a row to one slot each.
#include <taskvisor/controller/controller.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::coro<void> tidy_up(tv::task_context& ctx) {
  co_await ctx.sleep_for(200ms);
}

tv::attempt work(tv::task_context& ctx) {
  auto why = co_await ctx.try_sleep_for(200ms);
  if (why != tv::stop_reason::none)
    co_await ctx.shielded(tidy_up(ctx));
}

int main() {
  tv::supervisor sup;
  auto ctrl = tv::controller::attach(sup);
  if (!ctrl) {
    fmt::print(stderr, "{}\n", tv::describe(ctrl.error()));
    return 2;
  }
  using enum tv::admission_policy;
  std::vector<std::pair<std::string, tv::watched_task>> watched;
  for (auto policy : {queue, replace, drop_if_running, keep_latest}) {
    for (int i = 1; i <= 3; ++i) {
      auto name = fmt::format("{} {}", label(policy), i);
      tv::submission wanted{policy, tv::task_spec::once(name, work)};
      auto slot = std::string{label(policy)};
      auto task = ctrl->submit_and_watch(wanted.with_slot(slot)).get();
      if (task)
        watched.emplace_back(name, std::move(*task));
    }
  }
  // The slots do not wait for each other, only the tasks of one slot do.
  for (auto& [name, task] : watched)
    fmt::print("{}: {}\n", name, to_string(*task.ended.get()));
}
