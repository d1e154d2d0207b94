// Keeps the data of two tenants up to date: for each, only the newest revision
// matters, and two synchronisations of one tenant must never overlap.
#include <taskvisor/controller/controller.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <latch>
#include <string>
#include <utility>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::coro<void> close_files(tv::task_context& ctx) {
  co_await ctx.sleep_for(100ms);
  fmt::print("{} has closed its files\n", ctx.name());
}

tv::attempt sync(tv::task_context& ctx, std::latch& started) {
  fmt::print("{} starts\n", ctx.name());
  started.count_down();
  auto why = co_await ctx.try_sleep_for(200ms); // the work
  if (why != tv::stop_reason::none) {
    // No newer revision starts before this is over, not even under the same
    // name.
    co_await ctx.shielded(close_files(ctx));
    throw tv::canceled{};
  }
  fmt::print("{} is done\n", ctx.name());
}

int main() {
  tv::supervisor sup;
  auto ctrl = tv::controller::attach(sup);
  if (!ctrl) {
    fmt::print(stderr, "{}\n", tv::describe(ctrl.error()));
    return 2;
  }
  std::latch first{2};
  std::latch later{2};
  std::vector<std::pair<std::string, tv::watched_task>> revisions;
  auto submit = [&](const char* tenant, int revision, std::latch& started) {
    auto name = fmt::format("{} revision {}", tenant, revision);
    auto run = [&started](tv::task_context& ctx) { return sync(ctx, started); };
    auto wanted = tv::submission::replace(tv::task_spec::once(name, run));
    auto task = ctrl->submit_and_watch(wanted.with_slot(tenant)).get();
    if (task)
      revisions.emplace_back(name, std::move(*task));
  };
  // The tenants run side by side: they are two slots.
  submit("acme", 1, first);
  submit("umbra", 1, first);
  first.wait();
  for (const auto* tenant : {"acme", "umbra"}) {
    submit(tenant, 2, later); // revision 1 stops
    submit(tenant, 3, later); // revision 2 never starts
  }
  std::vector<std::string> lines;
  lines.reserve(revisions.size());
  for (auto& [name, task] : revisions)
    lines.push_back(name + ": " + to_string(*task.ended.get()));
  for (const auto& line : lines)
    fmt::print("{}\n", line);
}
