// Work that computes or blocks for long runs on threads of its own. It is told
// to stop through a token, which it must look at: it cannot be forced.
#include <taskvisor/supervisor/blocking.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <atomic>
#include <stop_token>
#include <thread>

namespace tv = taskvisor;
using namespace std::chrono_literals;

bool is_prime(unsigned n) {
  for (unsigned i = 2; i * i <= n; ++i)
    if (n % i == 0)
      return false;
  return n >= 2;
}

/// Counts the primes from 1 to `limit`; less if told to stop.
unsigned count_primes(unsigned limit, const std::stop_token& stop) {
  unsigned count = 0;
  for (unsigned n = 1; n <= limit && !stop.stop_requested(); ++n)
    count += is_prime(n) ? 1 : 0;
  return count;
}

std::atomic<bool> computing = false;

int main() {
  auto finite = [](const std::stop_token& stop) {
    fmt::print("finite: {} primes\n", count_primes(100'000, stop));
  };
  auto endless = [](const std::stop_token& stop) {
    computing = true;
    while (!stop.stop_requested())
      count_primes(1'000'000, stop);
    fmt::print("endless: told to stop\n");
  };
  // At most two such functions run at a time; more of them wait their turn.
  tv::supervisor sup{tv::supervisor_config{}.with_blocking_threads(2)};
  auto tasks = sup.serve();
  if (!tasks) {
    fmt::print(stderr, "{}\n", tv::describe(tasks.error()));
    return 2;
  }
  auto first =
    tasks->add_and_watch(tv::task_spec::once("finite", tv::blocking(finite)))
      .get(5s);
  auto second =
    tasks->add_and_watch(tv::task_spec::once("endless", tv::blocking(endless)))
      .get(5s);
  if (!first || !second)
    return 2;
  if (auto ended = first->ended.get(30s))
    fmt::print("finite ended: {}\n", to_string(*ended));
  while (!computing)
    std::this_thread::sleep_for(1ms);
  auto canceled = tasks->cancel("endless").get(5s);
  fmt::print("endless canceled: {}\n", canceled && *canceled);
  if (auto ended = second->ended.get(5s))
    fmt::print("endless ended: {}\n", to_string(*ended));
  auto report = tasks->shutdown().get(5s);
  return report && report->within_grace() ? 0 : 1;
}
