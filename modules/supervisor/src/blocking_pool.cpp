#include "blocking_pool.hpp"

#include "signal_gate.hpp"

#include <thread>
#include <utility>

namespace taskvisor::detail {

blocking_pool::blocking_pool(std::size_t limit) : limit_(limit) {}

blocking_pool::~blocking_pool() {
  std::deque<std::function<void()>> dropped;
  {
    std::lock_guard guard{state_->mutex};
    state_->closed = true;
    dropped.swap(state_->jobs);
  }
  state_->wanted.notify_all();
}

void blocking_pool::submit(std::function<void()> job) {
  bool start = false;
  {
    std::lock_guard guard{state_->mutex};
    state_->jobs.push_back(std::move(job));
    start = state_->idle < state_->jobs.size() && state_->threads < limit_;
    if (start)
      ++state_->threads;
  }
  if (start) {
    blocked_signals guard;
    std::thread{[state = state_] { work(state); }}.detach();
  } else {
    state_->wanted.notify_one();
  }
}

void blocking_pool::work(const std::shared_ptr<shared>& state) {
  std::unique_lock guard{state->mutex};
  for (;;) {
    ++state->idle;
    state->wanted.wait(guard,
                       [&] { return state->closed || !state->jobs.empty(); });
    --state->idle;
    if (state->jobs.empty()) {
      --state->threads;
      return;
    }
    auto job = std::move(state->jobs.front());
    state->jobs.pop_front();
    guard.unlock();
    job();
    job = nullptr; // what it captured ends before the lock is taken
    guard.lock();
  }
}

} // namespace taskvisor::detail
