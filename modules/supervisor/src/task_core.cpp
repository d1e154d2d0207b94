#include "taskvisor/supervisor/detail/task_core.hpp"

#include "task_record.hpp"

#include <algorithm>
#include <utility>

namespace taskvisor::detail {

namespace {

thread_local task_core* running_task = nullptr;

} // namespace

task_core* current_task() noexcept {
  return running_task;
}

bool stop_is_coming() noexcept {
  return running_task != nullptr
         && running_task->stopping() == stop_reason::none
         && running_task->record()->status.with([](const task_progress& x) {
              return x.state() == task_state::stopping;
            });
}

task_core::running::running(task_core& core) noexcept
  : outer_(std::exchange(running_task, &core)) {
  core.record()->status.enter_code(true);
}

task_core::running::~running() {
  running_task->record()->status.enter_code(false);
  running_task = outer_;
}

leaf::leaf(leaf&& other) noexcept : core_(other.core_) {
  // Only an await that has not begun is ever moved.
}

leaf::~leaf() {
  if (waiting())
    core_->delist(*this);
}

bool leaf::enlist(std::coroutine_handle<> frame, task_core* core,
                  bool shielded) {
  core_ = core;
  frame_ = frame;
  shielded_ = shielded;
  if (core->stopping() != stop_reason::none && !shielded) {
    interrupted_ = true;
    return false;
  }
  core->enlist(*this);
  return true;
}

void task_core::enlist(leaf& x) {
  auto slot = std::find(leaves_.begin(), leaves_.end(), nullptr);
  if (slot == leaves_.end())
    slot = leaves_.insert(slot, nullptr);
  *slot = &x;
  x.slot_ =
    static_cast<std::uint32_t>(slot - leaves_.begin()) + first_leaf_slot;
  x.key_ = next_key();
}

void task_core::delist(leaf& x) noexcept {
  leaves_[x.slot_ - first_leaf_slot] = nullptr;
  x.slot_ = leaf::no_slot;
}

leaf* task_core::find(wake_token token) noexcept {
  if (token.slot < first_leaf_slot
      || token.slot - first_leaf_slot >= leaves_.size())
    return nullptr;
  auto* x = leaves_[token.slot - first_leaf_slot];
  return x != nullptr && x->key_ == token.key ? x : nullptr;
}

bool task_core::fire(wake_token token) {
  auto* x = find(token);
  if (x == nullptr)
    return false;
  delist(*x);
  resume_frame(x->frame_);
  on_resumed();
  return true;
}

void task_core::resume_frame(std::coroutine_handle<> frame) {
  running guard{*this};
  frame.resume();
}

void task_core::request_stop(stop_reason reason) {
  if (stopping_ != stop_reason::none)
    return;
  stopping_ = reason;
  // Resuming one await may end, destroy or begin others, in any place: what
  // begins meanwhile has a later key, and knows of the stop.
  auto last = last_key_;
  for (std::size_t next = 0; next < leaves_.size();) {
    auto* x = leaves_[next++];
    if (x == nullptr || x->shielded_ || x->key_ > last || !x->on_stop())
      continue;
    x->interrupted_ = true;
    x->on_withdrawn();
    delist(*x);
    resume_frame(x->frame_);
  }
  on_resumed();
}

bool task_core::may_drop() const noexcept {
  bool result = false;
  for (const auto* x : leaves_) {
    if (x == nullptr)
      continue;
    if (x->shielded_ || !x->throws_on_stop())
      return false;
    result = true;
  }
  return result;
}

bool task_core::may_destroy() {
  bool result = true;
  for (auto* x : leaves_)
    if (x != nullptr && !x->on_abort())
      result = false;
  return result;
}

} // namespace taskvisor::detail
