#pragma once

#include "taskvisor/events/event.hpp"

#include <atomic>
#include <condition_variable>
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
///
/// With a `max_wait` whoever can wait does so before it publishes, and who
/// cannot, as the supervisor's own actors, finds a place beyond the capacity:
/// that takes at most a few for each task and command that there is.
class event_queue {
public:
  explicit event_queue(std::size_t capacity,
                       duration max_wait = duration::zero());

  /// Any thread. False means that the event is lost and was counted.
  bool take_place(bool diagnostic = false) noexcept;
  /// The event was delivered.
  void give_back() noexcept;

  /// Waits until fewer than `capacity` places are taken, at most `max_wait`.
  /// Once somebody has waited in vain nobody waits, and events are lost, until
  /// a place comes back.
  void await_place();
  bool makes_wait() const noexcept { return max_wait_ > duration::zero(); }

  std::size_t capacity() const noexcept { return capacity_; }
  std::size_t depth() const noexcept;
  std::uint64_t lost() const noexcept;
  /// Without the diagnostics: what an overflow report counts, else a lost
  /// report would call for the next one.
  std::uint64_t lost_ordinary() const noexcept;
  std::uint64_t delivered() const noexcept;

private:
  std::size_t capacity_;
  duration max_wait_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::atomic<bool> stalled_{false};
  std::atomic<std::size_t> waiters_{0};
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

/// Has the present state sent to this actor, at its place among the events.
using state_source = std::function<void(caf::strong_actor_ptr)>;

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

  /// Makes a change and publishes it as one: `change(x)` is called while nobody
  /// else publishes, may complete the event, and says whether there is one.
  template <class Change>
  void publish(event x, Change change) {
    std::lock_guard guard{mutex_};
    if (change(x))
      fan_out(std::move(x));
  }

  /// Calls `read(seq)` with the number of the last event while nobody
  /// publishes. What it sends to a subscriber comes between two events.
  template <class Read>
  void at_rest(Read read) const {
    std::lock_guard guard{mutex_};
    read(last_seq());
  }

  /// For who is about to publish and can wait: until the subscribers that make
  /// publishers wait have places. Not under a lock.
  void await_room();

  /// Number of the last event of this process.
  static std::uint64_t last_seq() noexcept;

  /// Where `request_state` asks. From the supervisor, once.
  void set_state_source(state_source source);

  /// Has a `state_snapshot` sent to the subscriber: it comes behind the events
  /// that it contains and before all others. Empty as long as no supervisor was
  /// started; none comes once it has ended.
  void request_state(const caf::strong_actor_ptr& sink) const;

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
  void fan_out(event x);
  void count_subscriptions();

  std::atomic<std::size_t> count_{0};
  /// Those that make publishers wait.
  std::atomic<std::size_t> waiting_{0};
  mutable std::mutex mutex_;
  state_source state_source_;
  bool closed_ = false;
  std::uint64_t next_id_ = 1;
  std::vector<subscription> subscriptions_;
};

} // namespace taskvisor
