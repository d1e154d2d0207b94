#pragma once

#include "taskvisor/events/event.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace taskvisor {

/// Which events a subscription wants. Called by publishers, under the lock of
/// the publisher: must neither block nor publish. An exception counts as yes.
using event_filter = std::function<bool(const event&)>;

/// The bounded room between publishers and one subscriber: publishers take a
/// place for each event, the subscriber gives it back when its callback is
/// done. Without a place the event is lost for this subscriber, and counted.
class event_queue {
public:
  explicit event_queue(std::size_t capacity) : capacity_(capacity) {}

  /// Any thread. False means that the event is lost and was counted.
  bool take_place(bool diagnostic = false) noexcept;
  void give_back() noexcept;

  std::size_t capacity() const noexcept { return capacity_; }
  std::size_t depth() const noexcept;
  std::uint64_t lost() const noexcept;
  /// Without the diagnostics: what an overflow report counts, else a lost
  /// report would call for the next one.
  std::uint64_t lost_ordinary() const noexcept;
  std::uint64_t delivered() const noexcept;

private:
  std::size_t capacity_;
  std::atomic<std::size_t> depth_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<std::uint64_t> lost_ordinary_{0};
  std::atomic<std::uint64_t> delivered_{0};
};

/// One subscriber's queue at the moment of the question.
struct queue_report {
  std::string name;
  std::size_t capacity = 0;
  std::size_t depth = 0;
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
};

/// Fan-out of one supervisor's events. Publishing without subscribers costs an
/// atomic load; with any number of them one message, enqueued to each.
/// Sequence numbers are drawn and events enqueued under one lock, so every
/// subscriber sees them in their order. Any thread.
class event_publisher {
public:
  struct subscription {
    std::uint64_t id = 0;
    std::string name;
    caf::strong_actor_ptr sink;
    /// None: unbounded, the subscriber's own mailbox takes all.
    std::shared_ptr<event_queue> queue;
    event_filter filter;
  };

  /// True if somebody listens: lets callers skip building an event.
  bool wanted() const noexcept {
    return count_.load(std::memory_order_acquire) != 0;
  }

  /// Stamps number and time and hands the event to every subscriber.
  void publish(event x);

  /// Adds a subscriber; it sees every event published afterwards. Returns its
  /// id, or 0 after `detach_all`: nothing would ever end it.
  std::uint64_t attach(std::string name, caf::strong_actor_ptr sink,
                       std::shared_ptr<event_queue> queue = nullptr,
                       event_filter filter = nullptr);

  /// Ends a subscription; false if it is unknown. No event follows.
  bool detach(std::uint64_t id);

  /// Ends all and returns them, for their orderly end. Nobody is taken any
  /// more.
  std::vector<subscription> detach_all();

  /// The queues of all subscribers that have one, in the order of attaching.
  std::vector<queue_report> queues() const;

private:
  std::atomic<std::size_t> count_{0};
  mutable std::mutex mutex_;
  bool closed_ = false;
  std::uint64_t next_id_ = 1;
  std::vector<subscription> subscriptions_;
};

} // namespace taskvisor
