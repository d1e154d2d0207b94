// Hangs for ever in every way that there is, beside polite tasks, holds every
// worker by that, and shuts down:
//
//     stuck_program <count> <grace>                        (milliseconds)
//
// Prints whether `list` answered meanwhile, how long the shutdown took, and
// whom it named wrongly.
#include "taskvisor/supervisor/actor_task.hpp"
#include "taskvisor/supervisor/blocking.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t workers = 4;
constexpr std::size_t pool_threads = 16;

/// Who hangs, and on what kind of thread.
class register_of_hanging {
public:
  [[noreturn]] void hang(const std::string& name, bool on_worker) {
    {
      std::lock_guard guard{mutex_};
      names_.insert(name);
      ++(on_worker ? on_workers_ : elsewhere_);
    }
    changed_.notify_all();
    for (;;)
      ::pause();
  }

  void await(std::size_t on_workers, std::size_t elsewhere) {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [&] {
      return on_workers_ == on_workers && elsewhere_ == elsewhere;
    });
  }

  std::set<std::string> names() {
    std::lock_guard guard{mutex_};
    return names_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> names_;
  std::size_t on_workers_ = 0;
  std::size_t elsewhere_ = 0;
};

register_of_hanging& hanging() {
  static auto* result = new register_of_hanging; // outlives every thread
  return *result;
}

caf::behavior hanging_actor(caf::event_based_actor*, const std::string& name,
                            bool on_worker) {
  return {[name, on_worker](int) { hanging().hang(name, on_worker); }};
}

template <caf::spawn_options Options>
auto hang_in_actor(std::string name, bool on_worker) {
  return tv::actor_task([name, on_worker](caf::actor_system& sys) {
    auto x = sys.spawn<Options>(hanging_actor, name, on_worker);
    tv::detail::post(x, 1);
    return x;
  });
}

tv::attempt hang_in_coroutine(tv::task_context& ctx) {
  co_await ctx.sleep_for(0s);
  hanging().hang(ctx.name(), true);
}

void hang_in_function(tv::task_context& ctx) {
  hanging().hang(ctx.name(), true);
}

tv::attempt polite(tv::task_context& ctx) {
  co_await ctx.sleep_for(1h);
}

/// Of the bodies that hang on a worker only as many begin as there are workers.
tv::task_spec make_task(std::size_t number) {
  switch (number % 5) {
    case 0:
      return tv::task_spec::once(fmt::format("coroutine-{}", number),
                                 hang_in_coroutine);
    case 1:
      return tv::task_spec::once(fmt::format("function-{}", number),
                                 hang_in_function);
    case 2: {
      auto name = fmt::format("actor-{}", number);
      return tv::task_spec::once(
        name, hang_in_actor<caf::no_spawn_options>(name, true));
    }
    case 3: {
      auto name = fmt::format("blocking-{}", number);
      return tv::task_spec::once(
        name, tv::blocking([name] { hanging().hang(name, false); }));
    }
    default:
      return tv::task_spec::once(fmt::format("polite-{}", number), polite);
  }
}

tv::task_spec detached_task(std::size_t number) {
  auto name = fmt::format("detached-{}", number);
  return tv::task_spec::once(name, hang_in_actor<caf::detached>(name, false));
}

void add_all(const tv::supervisor_handle& handle, std::size_t count) {
  // First those that do not need a worker, while the workers are free.
  auto detached = count / 20;
  for (std::size_t i = 0; i != detached; ++i)
    if (!handle.add(detached_task(i)).get())
      std::abort();
  for (std::size_t i = 0; i != pool_threads; ++i)
    if (!handle.add(make_task(i * 5 + 3)).get())
      std::abort();
  hanging().await(0, detached + pool_threads);
  for (std::size_t i = 0; i != count - detached; ++i)
    if (i % 5 != 3 || i / 5 >= pool_threads)
      if (!handle.add(make_task(i)).get())
        std::abort();
  hanging().await(workers, detached + pool_threads);
}

/// An actor body whose handler waits for a worker cannot be told from one
/// whose handler hangs.
bool may_be_named(const std::string& name) {
  return name.starts_with("actor-");
}

std::string wrongly_named(const tv::shutdown_report& report) {
  auto missing = hanging().names();
  std::string result;
  for (const auto& x : report.left_behind)
    if (missing.erase(x.name) == 0 && !may_be_named(x.name))
      result += " +" + x.name;
  for (const auto& name : missing)
    result += " -" + name;
  return result.empty() ? " none" : result;
}

} // namespace

int main(int, char** argv) {
  auto count = static_cast<std::size_t>(std::atoi(argv[1]));
  auto grace = std::chrono::milliseconds{std::atoi(argv[2])};
  tv::supervisor sup{tv::supervisor_config{}
                       .with_grace(grace)
                       .with_worker_threads(workers)
                       .with_blocking_threads(pool_threads)};
  auto handle = *sup.serve();
  add_all(handle, count);
  auto tasks = handle.list().get(5s);
  fmt::print("listed: {}\n", tasks ? tasks->size() : 0);
  auto begin = std::chrono::steady_clock::now();
  auto report = handle.shutdown().get();
  std::chrono::duration<double, std::milli> took =
    std::chrono::steady_clock::now() - begin;
  fmt::print("late: {:.0f}\n", (took - grace).count());
  fmt::print("hanging: {}\n", hanging().names().size());
  fmt::print("wrong:{}\n", wrongly_named(*report));
  std::fflush(stdout);
  return report->within_grace() ? 0 : 3;
}
