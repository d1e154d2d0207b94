#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt hello(tv::task_context& ctx) { // one attempt of the task
  co_await ctx.sleep_for(300ms);           // suspends, holds no thread
  fmt::print("Hello from {}!\n", ctx.name());
} // the end is success, an exception is a failure

int main() {
  tv::supervisor sup; // owns the actor system that runs everything
  return sup.run({tv::task_spec::restartable("hello", hello)}).exit_code();
}
