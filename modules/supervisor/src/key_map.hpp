#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// A flat hash map from 64-bit keys other than the largest: linear probing, no
/// tombstones, one allocation. `std::unordered_map` would cost the timer queue
/// an allocation for each timer.
template <class T>
class key_map {
  static_assert(std::is_nothrow_default_constructible_v<T>);
  static_assert(std::is_nothrow_move_constructible_v<T>);
  static_assert(std::is_nothrow_move_assignable_v<T>);

public:
  /// Sets the value of `key` and returns the old one.
  std::optional<T> exchange(std::uint64_t key, T value) {
    if ((size_ + 1) * 8 > cells_.size() * 5)
      rehash(cells_.empty() ? min_capacity : cells_.size() * 2);
    auto& place = cells_[search(key)];
    auto old = std::exchange(place.value, std::move(value));
    if (std::exchange(place.key, key) == key)
      return old;
    ++size_;
    return std::nullopt;
  }

  /// Removes `key` and returns its value.
  std::optional<T> take(std::uint64_t key) noexcept {
    if (size_ == 0)
      return std::nullopt;
    auto at = search(key);
    auto& place = cells_[at];
    if (place.key != key)
      return std::nullopt;
    std::optional<T> result{std::exchange(place.value, T{})};
    place.key = none;
    close_gap(at);
    --size_;
    return result;
  }

  /// `key` will be wanted soon: a big map is not in the processor's caches.
  void prefetch(std::uint64_t key) const noexcept {
    if (!cells_.empty())
      __builtin_prefetch(&cells_[home(key)]);
  }

  /// Valid until the next change.
  const T* find(std::uint64_t key) const noexcept {
    if (size_ == 0)
      return nullptr;
    const auto& place = cells_[search(key)];
    return place.key == key ? &place.value : nullptr;
  }

  /// Gives back the memory of a peak, except room for as many keys again.
  void shrink() {
    std::size_t capacity = size_ == 0 ? 0 : min_capacity;
    while (size_ * 2 * 8 > capacity * 5)
      capacity *= 2;
    if (capacity < cells_.size())
      rehash(capacity);
  }

  std::size_t size() const noexcept { return size_; }

  /// In bytes.
  std::size_t footprint() const noexcept {
    return cells_.capacity() * sizeof(cell);
  }

private:
  /// The key of an empty cell.
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  struct cell {
    std::uint64_t key = none;
    T value{};
  };

  static constexpr std::size_t min_capacity = 16;

  // Fibonacci hashing: the high bits of the product, since keys may differ
  // only in their high bits or only in their low ones.
  std::size_t home(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15u) >> shift_);
  }

  // The cell that holds `key`, or the empty one where it would be put. There
  // is always an empty one.
  std::size_t search(std::uint64_t key) const noexcept {
    auto mask = cells_.size() - 1;
    auto at = home(key);
    while (cells_[at].key != none && cells_[at].key != key)
      at = (at + 1) & mask;
    return at;
  }

  // Moves later cells of the same run back, so that no search ends early.
  void close_gap(std::size_t gap) noexcept {
    auto mask = cells_.size() - 1;
    for (auto at = (gap + 1) & mask; cells_[at].key != none;
         at = (at + 1) & mask) {
      auto distance = (at - home(cells_[at].key)) & mask;
      if (distance < ((at - gap) & mask))
        continue;
      cells_[gap].key = std::exchange(cells_[at].key, none);
      cells_[gap].value = std::exchange(cells_[at].value, T{});
      gap = at;
    }
  }

  void rehash(std::size_t capacity) {
    auto old = std::exchange(cells_, std::vector<cell>(capacity));
    shift_ = 63;
    for (auto n = capacity; n > 2; n /= 2)
      --shift_;
    for (auto& x : old)
      if (x.key != none)
        cells_[search(x.key)] = std::move(x);
  }

  std::vector<cell> cells_;
  std::size_t size_ = 0;
  unsigned shift_ = 63;
};

} // namespace taskvisor::detail
