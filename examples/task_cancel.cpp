// A task that runs for ever is canceled by its name, from outside.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <thread>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt work(tv::task_context& ctx) {
  fmt::print("worker: begins\n");
  // A stop ends the sleep at once and gives its reason. Without `try_` it
  // would throw, and destructors would clean up: see worker.cpp.
  auto why = tv::stop_reason::none;
  while (why == tv::stop_reason::none)
    why = co_await ctx.try_sleep_for(50ms);
  fmt::print("worker: stopping\n");
}

bool is_listed(const tv::supervisor_handle& tasks, std::string_view name) {
  auto all = tasks.list().get(5s);
  auto has_name = [&](const tv::task_info& task) { return task.name == name; };
  return all && std::ranges::any_of(*all, has_name);
}

int main() {
  tv::supervisor sup;
  auto tasks = sup.serve();
  if (!tasks) {
    fmt::print(stderr, "{}\n", tv::describe(tasks.error()));
    return 2;
  }
  auto spec =
    tv::task_spec{"worker", work}.with_restart(tv::restart_policy::always);
  auto worker = tasks->add_and_watch(spec).get(5s);
  if (!worker)
    return 2;
  std::this_thread::sleep_for(200ms);
  fmt::print("listed: {}\n", is_listed(*tasks, "worker"));
  // True when the task is gone, and this call was the one that stopped it.
  auto canceled = tasks->cancel("worker").get(5s);
  fmt::print("canceled: {}\n", canceled && *canceled);
  fmt::print("listed: {}\n", is_listed(*tasks, "worker"));
  // The policy would run it again; a cancel ends it under every policy.
  auto ended = worker->ended.get(5s);
  fmt::print("ended: {}\n", ended ? to_string(*ended) : "not yet");
  auto again = tasks->cancel("worker").get(5s);
  fmt::print("canceled again: {}\n", again && *again);
  auto report = tasks->shutdown().get(5s);
  return report && report->within_grace() ? 0 : 1;
}
