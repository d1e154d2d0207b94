#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace taskvisor::detail {

/// The label of an enumerator, `unknown` for a number that is none: enums that
/// came from a peer are not checked by CAF 0.17.
template <class E, std::size_t N>
constexpr std::string_view label_of(
  E x, const std::array<std::string_view, N>& labels) noexcept {
  static_assert(wire_count(E{}) == N);
  auto index = static_cast<std::size_t>(x);
  return index < N ? labels[index] : "unknown";
}

} // namespace taskvisor::detail
