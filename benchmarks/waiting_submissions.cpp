// What does a waiting submission cost in memory, and a slot that is idle again?
//
//     waiting_submissions [slots]
//
// Fills that many slots with an owner, then with one waiting submission each,
// and clears them all.
#include "taskvisor/controller/controller.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <malloc.h>
#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

double resident_bytes() {
  malloc_trim(0);
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t pages = 0;
  statm >> total >> pages;
  return static_cast<double>(pages) * 4096;
}

tv::attempt waits(tv::task_context& ctx) {
  co_await ctx.until_stopped();
}

/// One submission to each slot; returns when all were decided.
void fill(const tv::controller& ctrl, int slots, const char* round) {
  for (int i = 0; i < slots; ++i) {
    auto key = std::to_string(i);
    auto task = tv::task_spec::once(round + key, waits);
    static_cast<void>(
      ctrl.submit(tv::submission::queue(task).with_slot(key)).get());
  }
}

} // namespace

int main(int argc, char** argv) {
  auto slots = argc > 1 ? std::atoi(argv[1]) : 100'000;
  tv::supervisor sup;
  auto ctrl = *tv::controller::attach(sup);
  auto empty = resident_bytes();
  fill(ctrl, slots, "a");
  auto owned = resident_bytes();
  fill(ctrl, slots, "b");
  auto waiting = resident_bytes();
  for (int i = 0; i < slots; ++i)
    static_cast<void>(ctrl.cancel_slot(std::to_string(i)).get());
  auto idle = resident_bytes();
  fmt::print("{} slots\n", slots);
  fmt::print("an owner with its slot: {:.0f} bytes\n", (owned - empty) / slots);
  fmt::print("a waiting submission:   {:.0f} bytes\n",
             (waiting - owned) / slots);
  fmt::print("an idle slot:           {:.0f} bytes, kept for reuse\n",
             (idle - empty) / slots);
}
