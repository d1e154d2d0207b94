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

bool event_queue::take_place(bool diagnostic) noexcept {
  auto depth = depth_.load(std::memory_order_relaxed);
  while (depth < capacity_) {
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
  depth_.fetch_sub(1, std::memory_order_acq_rel);
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
  if (!wanted())
    return;
  std::lock_guard guard{mutex_};
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
  count_.store(subscriptions_.size(), std::memory_order_release);
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
  count_.store(subscriptions_.size(), std::memory_order_release);
  return true;
}

std::vector<event_publisher::subscription> event_publisher::detach_all() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  count_.store(0, std::memory_order_release);
  return std::exchange(subscriptions_, {});
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
