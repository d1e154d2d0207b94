// Every submission has an answer: the outcome of one that was turned away says
// why. Also: the view of the slots, and a limit on waiting.
#include <taskvisor/controller/controller.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

tv::attempt backup(tv::task_context& ctx) {
  co_await ctx.sleep_for(300ms);
}

int main() {
  tv::supervisor sup;
  auto ctrl = tv::controller::attach(sup);
  if (!ctrl) {
    fmt::print(stderr, "{}\n", tv::describe(ctrl.error()));
    return 2;
  }
  auto nightly = tv::task_spec::once("backup", backup);
  // The slot is the name of the task, unless `with_slot` says otherwise.
  auto first =
    ctrl->submit_and_watch(tv::submission::drop_if_running(nightly)).get();
  auto second =
    ctrl->submit_and_watch(tv::submission::drop_if_running(nightly)).get();
  auto patient = tv::submission::queue(nightly).with_max_wait(100ms);
  auto third = ctrl->submit_and_watch(patient).get();
  if (!first || !second || !third)
    return 1;
  fmt::print("second: {}\n", to_string(*second->ended.get()));

  auto now = ctrl->snapshot().get();
  fmt::print("{} slot in use, {} waiting\n", now->slots.size(),
             now->total_waiting());
  fmt::print("third: {}\n", to_string(*third->ended.get()));
  fmt::print("first: {}\n", to_string(*first->ended.get()));

  // What is wrong in itself is an error, not an outcome.
  auto nameless = ctrl->submit(tv::submission::queue(nightly).with_slot(""));
  fmt::print("{}\n", tv::describe(nameless.get().error()));
}
