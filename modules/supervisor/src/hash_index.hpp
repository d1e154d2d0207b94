#pragma once

#include <cstddef>
#include <vector>

namespace taskvisor::detail {

/// What an element of a `hash_index` carries for it.
template <class T>
struct index_link {
  T* next = nullptr;
  std::size_t hash = 0;
};

/// A hash table of elements that others own and that carry its links: nothing
/// is allocated for one, and it is found with two looks into memory.
/// `std::unordered_map` takes a node and four. Low bits of a hash must differ.
template <class T, index_link<T> T::*Link>
class hash_index {
public:
  /// The element with this hash for which `is_it(const T&)`.
  template <class IsIt>
  T* find(std::size_t hash, IsIt is_it) const {
    if (buckets_.empty())
      return nullptr;
    auto* x = buckets_[bucket(hash)];
    while (x != nullptr && ((x->*Link).hash != hash || !is_it(*x)))
      x = (x->*Link).next;
    return x;
  }

  void insert(std::size_t hash, T& x) {
    if (size_ == buckets_.size())
      resize(buckets_.empty() ? 16 : buckets_.size() * 2);
    (x.*Link).hash = hash;
    put(x);
    ++size_;
  }

  /// `x` must be in.
  void erase(T& x) noexcept {
    auto* at = &buckets_[bucket((x.*Link).hash)];
    while (*at != &x)
      at = &((*at)->*Link).next;
    *at = (x.*Link).next;
    --size_;
  }

  std::size_t size() const noexcept { return size_; }

  /// `f` must not change the index, but may end the element it is given.
  template <class F>
  void for_each(F f) {
    for (auto* x : buckets_)
      while (x != nullptr) {
        auto* next = (x->*Link).next;
        f(*x);
        x = next;
      }
  }

private:
  std::size_t bucket(std::size_t hash) const noexcept {
    return hash & (buckets_.size() - 1);
  }

  void put(T& x) noexcept {
    auto& first = buckets_[bucket((x.*Link).hash)];
    (x.*Link).next = first;
    first = &x;
  }

  // To a power of two.
  void resize(std::size_t count) {
    std::vector<T*> old(count);
    old.swap(buckets_);
    for (auto* x : old)
      while (x != nullptr) {
        auto* next = (x->*Link).next;
        put(*x);
        x = next;
      }
  }

  std::vector<T*> buckets_;
  std::size_t size_ = 0;
};

} // namespace taskvisor::detail
