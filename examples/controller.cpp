// Work that must not overlap: each submission names a slot, a slot runs one
// task at a time, and the policy says what happens to the next one.
#include <taskvisor/controller/controller.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::task_spec job(const std::string& name, tv::duration takes) {
  auto run = [takes](tv::task_context& ctx) -> tv::attempt {
    fmt::print("  {} starts\n", ctx.name());
    co_await ctx.sleep_for(takes);
    fmt::print("  {} is done\n", ctx.name());
  };
  return tv::task_spec::once(name, run);
}

/// The submissions of one scene, and at its end what became of them.
class scene {
public:
  scene(tv::controller ctrl, const char* title) : ctrl_(std::move(ctrl)) {
    fmt::print("{}\n", title);
  }

  void submit(const tv::submission& x) {
    auto name = x.task().name();
    auto task = ctrl_.submit_and_watch(x.with_slot("printer")).get();
    if (task)
      watched_.emplace_back(name, std::move(*task));
  }

  void wait() {
    std::vector<std::string> lines;
    for (auto& [name, task] : watched_)
      lines.push_back(name + ": " + to_string(*task.ended.get()));
    for (const auto& line : lines)
      fmt::print("{}\n", line);
    watched_.clear();
  }

private:
  tv::controller ctrl_;
  std::vector<std::pair<std::string, tv::watched_task>> watched_;
};

void queue(const tv::controller& ctrl) {
  scene it{ctrl, "queue: one after another"};
  for (const auto* name : {"first", "second", "third"})
    it.submit(tv::submission::queue(job(name, 100ms)));
  it.wait();
}

void replace(const tv::controller& ctrl) {
  scene it{ctrl, "replace: the newest wins"};
  for (const auto* name : {"draft 1", "draft 2", "draft 3"}) {
    it.submit(tv::submission::replace(job(name, 500ms)));
    std::this_thread::sleep_for(150ms);
  }
  it.wait();
}

void drop_if_running(const tv::controller& ctrl) {
  scene it{ctrl, "drop_if_running: not twice at the same time"};
  for (const auto* name : {"check 1", "check 2", "check 3"})
    it.submit(tv::submission::drop_if_running(job(name, 200ms)));
  it.wait();
  it.submit(tv::submission::drop_if_running(job("check 4", 200ms)));
  it.wait();
}

void full(const tv::controller& ctrl) {
  scene it{ctrl, "a full queue: 12 at once, 10 may wait"};
  for (int i = 1; i <= 12; ++i)
    it.submit(tv::submission::queue(job(fmt::format("page {}", i), 50ms)));
  it.wait();
}

int main() {
  tv::supervisor sup;
  auto config = tv::controller_config{}.with_max_slot_queue(10);
  auto ctrl = tv::controller::attach(sup, config);
  if (!ctrl) {
    fmt::print(stderr, "{}\n", tv::describe(ctrl.error()));
    return 2;
  }
  queue(*ctrl);
  replace(*ctrl);
  drop_if_running(*ctrl);
  full(*ctrl);
} // the supervisor stops what still runs and waits for it
