// A task that fails twice, then succeeds: each failure is retried after a
// longer pause.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt fetch(tv::task_context& ctx) {
  fmt::print("attempt {}: connecting\n", ctx.attempt());
  co_await ctx.sleep_for(20ms);
  // Any exception means "try again", if the policy allows it. `tv::fatal` is
  // for what no retry can mend, such as a wrong password.
  if (ctx.attempt() < 3)
    throw tv::fail("connection refused");
  fmt::print("attempt {}: fetched\n", ctx.attempt());
}

int main() {
  // Pauses of 100 ms, 200 ms, 400 ms, ... up to 2 s. The jitter shortens each
  // by up to a half, so that many clients of a broken server do not all come
  // back at the same moment.
  auto backoff =
    tv::backoff_policy::exponential(100ms).with_max(2s).with_jitter(
      tv::jitter::equal);
  auto spec = tv::task_spec::restartable("fetch", fetch)
                .with_backoff(backoff)
                .with_max_retries(5) // in a row; a success refills them
                .with_timeout(10s);  // for each attempt
  tv::supervisor sup;
  auto result = sup.run({spec});
  fmt::print("{}\n", to_string(result));
  return result.exit_code();
}
