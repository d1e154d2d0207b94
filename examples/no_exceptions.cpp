// A failure and a stop that cost no exception, for tasks that fail often or
// are stopped by the thousand.
#include <taskvisor/supervisor/droppable.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <chrono>
#include <thread>

namespace tv = taskvisor;
using namespace std::chrono_literals;

struct lease {
  lease() { fmt::print("lease taken\n"); }
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  ~lease() { fmt::print("lease returned\n"); }
};

tv::attempt poll(tv::task_context& ctx) {
  lease mine;
  if (ctx.attempt() == 1)
    co_yield tv::fail("nothing there yet"); // goes no further, as after throw
  fmt::print("found at attempt {}\n", ctx.attempt());
  co_await ctx.sleep_for(1h); // the cancel destroys `mine` here
}

int main() {
  tv::supervisor sup;
  auto tasks = sup.serve();
  if (!tasks) {
    fmt::print(stderr, "{}\n", tv::describe(tasks.error()));
    return 2;
  }
  auto spec = tv::task_spec::restartable("poll", tv::droppable(poll))
                .with_backoff(tv::backoff_policy::constant(10ms));
  auto task = tasks->add_and_watch(spec).get(5s);
  if (!task)
    return 2;
  while (tasks->list().get(5s)->front().attempt < 2)
    std::this_thread::sleep_for(10ms);
  auto canceled = tasks->cancel("poll").get(5s);
  fmt::print("canceled: {}\n", canceled && *canceled);
  auto ended = task->ended.get(5s);
  fmt::print("ended: {}\n", ended ? to_string(*ended) : "not yet");
  auto report = tasks->shutdown().get(5s);
  return report && report->within_grace() ? 0 : 1;
}
