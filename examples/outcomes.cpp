// How tasks end. Each gives exactly one outcome to who watches it.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt answer(tv::task_context& ctx) {
  co_await ctx.sleep_for(10ms);
}

void ask(tv::task_context& ctx) {
  fmt::print("ask: attempt {}\n", ctx.attempt());
  // 75 is what sysexits.h calls a temporary failure.
  throw tv::fail("the server is busy").with_exit_code(75);
}

void log_in(tv::task_context&) {
  throw tv::fatal("bad password"); // no policy retries it
}

tv::attempt hang(tv::task_context& ctx) {
  co_await ctx.sleep_for(1h);
}

int main() {
  const auto once = tv::restart_policy::never;
  const std::vector<tv::task_spec> specs{
    tv::task_spec::once("answer", answer),
    tv::task_spec::restartable("ask", ask)
      .with_backoff(tv::backoff_policy::constant(10ms))
      .with_max_retries(2),
    tv::task_spec::restartable("log_in", log_in),
    tv::task_spec{"late", hang}.with_restart(once).with_timeout(20ms),
    tv::task_spec{"unwanted", hang},
  };
  tv::supervisor sup;
  auto tasks = sup.serve();
  if (!tasks) {
    fmt::print(stderr, "{}\n", tv::describe(tasks.error()));
    return 2;
  }
  std::vector<std::pair<std::string, tv::pending<tv::outcome>>> watched;
  for (const auto& spec : specs) {
    auto task = tasks->add_and_watch(spec).get(5s);
    if (!task) {
      fmt::print(stderr, "{}\n", tv::describe(task.error()));
      return 2;
    }
    watched.emplace_back(spec.name(), task->ended);
  }
  auto canceled = tasks->cancel("unwanted").get(5s);
  for (auto& [name, ended] : watched) {
    auto outcome = ended.get(5s);
    fmt::print("{} ended: {}\n", name,
               outcome ? to_string(*outcome) : tv::describe(outcome.error()));
  }
  auto report = tasks->shutdown().get(5s);
  return canceled && report && report->within_grace() ? 0 : 1;
}
