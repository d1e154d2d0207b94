#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace taskvisor::detail {

/// The labels of an enum without gaps, in the order of its enumerators.
template <class E, std::size_t N>
class label_table {
public:
  static_assert(wire_count(E{}) == N);

  constexpr explicit label_table(const std::string_view (&labels)[N]) noexcept {
    for (std::size_t i = 0; i < N; ++i)
      labels_[i] = labels[i];
  }

  /// `unknown` for a number that is no enumerator: enums that came from a peer
  /// are not checked by CAF 0.17.
  constexpr std::string_view operator[](E x) const noexcept {
    auto index = static_cast<std::size_t>(x);
    return index < N ? labels_[index] : "unknown";
  }

  constexpr std::optional<E> find(std::string_view label) const noexcept {
    for (std::size_t i = 0; i < N; ++i)
      if (labels_[i] == label)
        return static_cast<E>(i);
    return std::nullopt;
  }

private:
  std::array<std::string_view, N> labels_;
};

/// A label for each enumerator of `E`, or it does not compile.
template <class E, std::size_t N>
constexpr auto labels_of(const std::string_view (&labels)[N]) noexcept {
  return label_table<E, N>{labels};
}

} // namespace taskvisor::detail
