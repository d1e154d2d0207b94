// What an operation costs as the number of idle tasks grows: none may depend
// on it. One line a size: microseconds for each operation, bytes for a task.
#include "taskvisor/supervisor/supervisor.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <malloc.h>
#include <string>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

tv::attempt idle(tv::task_context& ctx) {
  co_await ctx.sleep_for(24h);
}

std::size_t resident() {
  malloc_trim(0);
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t pages = 0;
  statm >> total >> pages;
  return pages * 4096;
}

template <class F>
double microseconds(F f) {
  auto begin = steady::now();
  f();
  return std::chrono::duration<double, std::micro>(steady::now() - begin)
    .count();
}

std::string name_of(std::size_t i) {
  return "task " + std::to_string(i);
}

void measure(std::size_t count) {
  constexpr std::size_t samples = 1000;
  tv::supervisor sup;
  auto handle = *sup.serve();
  auto before = resident();
  auto per_task = 1.0 / static_cast<double>(count);
  auto add = microseconds([&] {
    std::vector<tv::pending<tv::task_id>> added;
    for (std::size_t i = 0; i != count; ++i)
      added.push_back(handle.add(tv::task_spec::once(name_of(i), idle)));
    for (auto& x : added)
      if (!x.get())
        std::abort();
  });
  while (handle.alive().get()->size() != count) {
    // the last ones have not begun yet
  }
  auto bytes = resident() - before;
  auto list = microseconds([&] { static_cast<void>(handle.list().get()); });
  auto cancel = microseconds([&] {
    for (std::size_t i = 0; i != samples; ++i)
      static_cast<void>(handle.cancel(name_of(i * (count / samples))).get());
  });
  auto again = microseconds([&] {
    for (std::size_t i = 0; i != samples; ++i)
      static_cast<void>(
        handle.add(tv::task_spec::once(name_of(i * (count / samples)), idle))
          .get());
  });
  auto shutdown =
    microseconds([&] { static_cast<void>(handle.shutdown().get()); });
  fmt::print(
    "{:>8} tasks: add {:.2f}, list {:.3f} a task, cancel by name "
    "{:.1f}, add one {:.1f}, shutdown {:.2f} a task, {} bytes a task\n",
    count, add * per_task, list * per_task, cancel / samples, again / samples,
    shutdown * per_task, bytes / count);
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    measure(static_cast<std::size_t>(std::max(std::atoi(argv[1]), 1000)));
    return 0;
  }
  for (std::size_t count : {10'000, 100'000})
    measure(count);
}
