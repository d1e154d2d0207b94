// A worker that goes on until Ctrl-C, and cleans up then.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

/// Something that must be given back however the worker ends.
class connection {
public:
  connection() { fmt::print("worker: connected\n"); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection() { fmt::print("worker: disconnected\n"); }
};

tv::attempt work(tv::task_context& ctx) {
  connection server;
  for (auto tick = 1;; ++tick) {
    if (tick <= 3)
      fmt::print("worker: tick {}\n", tick);
    // Ctrl-C throws `tv::stopped` here, which unwinds the body. It needs no
    // branch, and `catch (const std::exception&)` does not see it.
    co_await ctx.sleep_for(100ms);
  }
}

int main() {
  // A failure would be retried; the stop that a signal means is none.
  tv::supervisor sup{tv::supervisor_config{}.with_grace(5s)};
  auto result = sup.run({tv::task_spec::restartable("worker", work)});
  fmt::print("{}\n", to_string(result));
  return result.exit_code();
}
