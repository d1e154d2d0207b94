#include "sleeper.hpp"

#include <functional>

namespace bench {

namespace {

frame suspended() {
  co_await std::suspend_always{};
}

} // namespace

caf::behavior sleeper::make_behavior() {
  if (with_frame_)
    frame_ = suspended();
  ready_.arrive();
  return {[this](const go& x) {
    if (with_frame_)
      frame_.resume();
    post(owner_, ended{x.index});
    quit();
  }};
}

void sleeper::on_exit() {
  frame_ = frame{};
  owner_ = nullptr;
}

sleepers::sleepers(world& w, std::size_t n, bool with_frame)
  : over(n), owner(w.system.spawn<end_counter>(std::ref(over))) {
  countdown ready{n};
  all.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    all.push_back(w.system.spawn<sleeper>(owner, std::ref(ready), with_frame));
  ready.wait();
}

} // namespace bench
