#include "taskvisor/events/event_publisher.hpp"

#include "taskvisor/events/type_ids.hpp"

#include <algorithm>
#include <utility>

namespace taskvisor {

namespace {

std::atomic<std::uint64_t> last_event{0};

bool wants(const event_publisher::subscription& to, const event& x) noexcept {
  try {
    return !to.filter || to.filter(x);
  } catch (...) {
    return true; // never the publisher's problem
  }
}

} // namespace

event_queue::event_queue(std::size_t capacity, duration max_wait)
  : capacity_(capacity), max_wait_(max_wait) {}

bool event_queue::take_place(bool diagnostic) noexcept {
  auto depth = depth_.load(std::memory_order_relaxed);
  while (depth < capacity_ || (makes_wait() && !stalled_)) {
    if (depth_.compare_exchange_weak(depth, depth + 1,
                                     std::memory_order_acq_rel))
      return true;
  }
  lost_.fetch_add(1, std::memory_order_relaxed);
  if (!diagnostic)
    lost_ordinary_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void event_queue::give_back() noexcept {
  delivered_.fetch_add(1, std::memory_order_relaxed);
  // Either a waiter sees the new depth, or this sees the waiter.
  depth_.fetch_sub(1, std::memory_order_seq_cst);
  if (waiters_.load(std::memory_order_seq_cst) == 0)
    return;
  {
    std::lock_guard guard{mutex_};
    if (stalled_.exchange(false))
      waiters_.fetch_sub(1, std::memory_order_seq_cst);
  }
  freed_.notify_all();
}

void event_queue::await_place() {
  if (depth_.load(std::memory_order_seq_cst) < capacity_)
    return;
  std::unique_lock guard{mutex_};
  if (stalled_)
    return;
  waiters_.fetch_add(1, std::memory_order_seq_cst);
  auto in_time = freed_.wait_for(guard, max_wait_, [this] {
    return stalled_ || depth_.load(std::memory_order_seq_cst) < capacity_;
  });
  if (in_time || stalled_)
    waiters_.fetch_sub(1, std::memory_order_seq_cst);
  else
    stalled_ = true; // counts as a waiter until a place comes back
}

std::size_t event_queue::depth() const noexcept {
  return depth_.load(std::memory_order_acquire);
}

std::uint64_t event_queue::lost() const noexcept {
  return lost_.load(std::memory_order_relaxed);
}

std::uint64_t event_queue::lost_ordinary() const noexcept {
  return lost_ordinary_.load(std::memory_order_relaxed);
}

std::uint64_t event_queue::delivered() const noexcept {
  return delivered_.load(std::memory_order_relaxed);
}

void event_publisher::publish(event x) {
  if (wanted())
    publish(std::move(x), [](event&) { return true; });
}

void event_publisher::fan_out(event x) {
  if (subscriptions_.empty())
    return;
  x.seq = last_event.fetch_add(1, std::memory_order_relaxed) + 1;
  x.at = std::chrono::system_clock::now();
  auto content = caf::make_message(std::move(x));
  const auto& shared = content.get_as<event>(0);
  for (auto& to : subscriptions_) {
    if (!wants(to, shared))
      continue;
    if (to.queue && !to.queue->take_place(is_diagnostic(shared.kind)))
      continue;
    detail::post_shared(to.sink, content);
  }
}

void event_publisher::await_room() {
  if (waiting_.load(std::memory_order_acquire) == 0)
    return;
  std::vector<std::shared_ptr<event_queue>> queues;
  {
    std::lock_guard guard{mutex_};
    for (const auto& x : subscriptions_)
      if (x.queue && x.queue->makes_wait())
        queues.push_back(x.queue);
  }
  for (const auto& x : queues)
    x->await_place();
}

std::uint64_t event_publisher::last_seq() noexcept {
  return last_event.load();
}

void event_publisher::set_state_source(state_source source) {
  std::lock_guard guard{mutex_};
  state_source_ = std::move(source);
}

void event_publisher::request_state(const caf::strong_actor_ptr& sink) const {
  state_source source;
  at_rest([&](std::uint64_t seq) {
    source = state_source_;
    if (!source)
      detail::post_shared(sink, caf::make_message(state_snapshot{seq, {}}));
  });
  if (source)
    source(sink);
}

void event_publisher::count_subscriptions() {
  auto waiting = std::count_if(
    subscriptions_.begin(), subscriptions_.end(),
    [](const auto& x) { return x.queue && x.queue->makes_wait(); });
  waiting_.store(static_cast<std::size_t>(waiting), std::memory_order_release);
  count_.store(subscriptions_.size(), std::memory_order_release);
}

std::uint64_t event_publisher::attach(std::string name,
                                      caf::strong_actor_ptr sink,
                                      std::shared_ptr<event_queue> queue,
                                      event_filter filter) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return 0;
  auto id = next_id_++;
  subscriptions_.push_back({id, std::move(name), std::move(sink),
                            std::move(queue), std::move(filter)});
  count_subscriptions();
  return id;
}

bool event_publisher::detach(std::uint64_t id) {
  // Outlives the lock: the last handle of an actor ends it here, and what ends
  // with it may call this publisher.
  subscription removed;
  std::lock_guard guard{mutex_};
  auto i = std::find_if(subscriptions_.begin(), subscriptions_.end(),
                        [id](const auto& x) { return x.id == id; });
  if (i == subscriptions_.end())
    return false;
  removed = std::move(*i);
  subscriptions_.erase(i);
  count_subscriptions();
  return true;
}

std::vector<event_publisher::subscription> event_publisher::detach_all() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  auto result = std::exchange(subscriptions_, {});
  count_subscriptions();
  return result;
}

std::vector<queue_report> event_publisher::queues() const {
  std::lock_guard guard{mutex_};
  std::vector<queue_report> result;
  for (const auto& x : subscriptions_)
    if (x.queue)
      result.push_back({x.name, x.queue->capacity(), x.queue->depth(),
                        x.queue->delivered(), x.queue->lost()});
  return result;
}

} // namespace taskvisor
