#include "taskvisor/supervisor/detail/command_gate.hpp"

#include <utility>

namespace taskvisor::detail {

namespace {

caf::error closed_error() {
  return make_error(errc::shutting_down,
                    "the supervisor takes no more commands");
}

} // namespace

void command_credit::give_back() noexcept {
  std::exchange(gate_, nullptr)->give_back();
}

void command_gate::enter(std::shared_ptr<command> x, when_full full) {
  caf::error refusal;
  {
    std::lock_guard guard{mutex_};
    if (closed_) {
      refusal = closed_error();
    } else if (used_ < capacity_ && waiting_.empty()) {
      ++used_;
      x->send(make_credit());
      return;
    } else if (full == when_full::wait) {
      waiting_.push_back(std::move(x));
      return;
    } else {
      refusal = make_error(errc::command_queue_full,
                           "all places of the command queue are taken");
    }
  }
  x->refuse(std::move(refusal));
}

void command_gate::close() {
  std::deque<std::shared_ptr<command>> refused;
  {
    std::lock_guard guard{mutex_};
    closed_ = true;
    refused.swap(waiting_);
  }
  for (auto& x : refused)
    x->refuse(closed_error());
}

bool command_gate::closed() const {
  std::lock_guard guard{mutex_};
  return closed_;
}

void command_gate::give_back() {
  std::unique_lock guard{mutex_};
  --used_;
  if (passing_)
    return;
  passing_ = true;
  while (!waiting_.empty() && used_ < capacity_) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    ++used_;
    next->send(make_credit());
    // If the registry is gone, what `next` holds gives its credit back here.
    guard.unlock();
    next.reset();
    guard.lock();
  }
  passing_ = false;
}

} // namespace taskvisor::detail
