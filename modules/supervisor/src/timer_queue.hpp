#pragma once

#include "key_map.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// Pending deadlines, the earliest first; equal ones in the order in which
/// they were armed. Time is whatever 64-bit number the caller passes, for the
/// timers actor nanoseconds of the steady clock.
///
/// A key names one pending entry. Disarming is exact and destroys the payload
/// at once; what remains is a dead entry of 24 bytes in the heap. Dead entries
/// are swept when they outnumber the live ones by 64, so that memory follows
/// the number of live entries and not the number of disarms. The memory of a
/// peak is given back.
///
/// arm and disarm are amortised O(1) for timeouts that are disarmed early or
/// armed in order, and O(log n) at worst; popping is O(log n) an entry.
template <class T>
class timer_queue {
public:
  /// Adds an entry. If `key` is pending already, its old entry is disarmed:
  /// the result is then false.
  bool arm(std::int64_t due, std::uint64_t key, T payload);

  /// Removes the entry of `key`. The result is false if none is pending: it
  /// was popped, disarmed, or never armed.
  bool disarm(std::uint64_t key);

  /// The earliest pending deadline.
  std::optional<std::int64_t> next_due() const noexcept {
    if (heap_.empty())
      return std::nullopt;
    return heap_.front().due;
  }

  /// Calls `fire(key, T&&)` for the entries with `due <= now`, at most `limit`
  /// of them, each after it was removed. Returns how many that were.
  /// `fire` may arm and disarm. What it arms is left for the next call, even
  /// if due, so that a call always ends: ask `next_due()` afterwards.
  template <class F>
  std::size_t pop_due(
    std::int64_t now, F&& fire,
    std::size_t limit = std::numeric_limits<std::size_t>::max());

  /// The number of pending entries.
  std::size_t size() const noexcept { return pending_.size(); }

  bool empty() const noexcept { return size() == 0; }

  /// The memory held, in bytes, without what payloads own.
  std::size_t footprint() const noexcept {
    return heap_.capacity() * sizeof(entry) + pending_.footprint();
  }

private:
  struct entry {
    std::int64_t due;
    // Unique, hence also what tells an entry from an earlier one of its key.
    std::uint64_t order;
    std::uint64_t key;
  };

  struct pending {
    std::uint64_t order;
    T payload;
  };

  static constexpr std::size_t spare = 64;
  static constexpr std::size_t small = 1024;

  // The order of the heap algorithms, which keep the largest in front.
  static constexpr auto later = [](const entry& a, const entry& b) noexcept {
    return a.due > b.due || (a.due == b.due && a.order > b.order);
  };

  std::size_t dead() const noexcept { return heap_.size() - pending_.size(); }

  bool is_dead(const entry& x) const noexcept {
    auto found = pending_.find(x.key);
    return found == nullptr || found->order != x.order;
  }

  void remove_top() noexcept;
  void trim() noexcept;
  void reclaim();
  void sweep() noexcept;

  // The first entry is never dead, see trim().
  std::vector<entry> heap_;
  key_map<pending> pending_;
  std::uint64_t next_order_ = 0;
};

template <class T>
bool timer_queue<T>::arm(std::int64_t due, std::uint64_t key, T payload) {
  auto order = next_order_++;
  pending_.prefetch(key);
  heap_.push_back({due, order, key});
  std::push_heap(heap_.begin(), heap_.end(), later);
  // Destroyed last: a payload's destructor may run other people's code.
  auto old = pending_.exchange(key, {order, std::move(payload)});
  if (old)
    reclaim();
  return !old;
}

template <class T>
bool timer_queue<T>::disarm(std::uint64_t key) {
  auto old = pending_.take(key);
  if (old)
    reclaim();
  return old.has_value();
}

template <class T>
template <class F>
std::size_t timer_queue<T>::pop_due(std::int64_t now, F&& fire,
                                    std::size_t limit) {
  auto end_order = next_order_;
  std::size_t fired = 0;
  while (fired < limit && !heap_.empty()) {
    auto top = heap_.front();
    if (top.due > now || top.order >= end_order)
      break;
    remove_top();
    auto taken = pending_.take(top.key);
    trim();
    ++fired;
    fire(top.key, std::move(taken->payload));
  }
  if (fired > 0)
    reclaim();
  return fired;
}

template <class T>
void timer_queue<T>::remove_top() noexcept {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  heap_.pop_back();
  if (!heap_.empty())
    pending_.prefetch(heap_.front().key); // the next to be removed
}

// -- dead entries -------------------------------------------------------------

// Keeps `next_due()` exact, and frees at once what was disarmed while it still
// was the last entry: a lone task's timeouts never leave anything behind.
template <class T>
void timer_queue<T>::trim() noexcept {
  while (dead() > 0 && is_dead(heap_.back()))
    heap_.pop_back();
  while (dead() > 0 && is_dead(heap_.front()))
    remove_top();
}

template <class T>
void timer_queue<T>::reclaim() {
  trim();
  if (dead() > size() + spare)
    sweep();
  if (heap_.capacity() <= small || heap_.size() >= heap_.capacity() / 8)
    return;
  std::vector<entry> smaller;
  smaller.reserve(heap_.size() * 2);
  smaller.assign(heap_.begin(), heap_.end());
  heap_.swap(smaller);
  pending_.shrink();
}

template <class T>
void timer_queue<T>::sweep() noexcept {
  std::erase_if(heap_, [this](const entry& x) { return is_dead(x); });
  std::make_heap(heap_.begin(), heap_.end(), later);
}

} // namespace taskvisor::detail
