#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace taskvisor::test {

/// The byte type of the wire differs between CAF 0.17 and 1.x.
using wire_buffer = std::conditional_t<
  std::is_constructible_v<caf::binary_serializer, caf::actor_system&,
                          std::vector<std::byte>&>,
  std::vector<std::byte>, std::vector<char>>;

inline bool succeeded(bool result) {
  return result;
}

inline bool succeeded(const caf::error& result) {
  return !result;
}

/// What a peer receives when `x` is sent to it: `x` travels inside a message,
/// as on the network. None if that fails or leaves bytes over.
template <class T>
std::optional<T> roundtrip(caf::actor_system& system, const T& x) {
  auto apply = [](auto& processor, caf::message& msg) {
    if constexpr (requires { processor(msg); })
      return succeeded(processor(msg));
    else
      return succeeded(processor.apply(msg));
  };
  auto sent = caf::make_message(x);
  wire_buffer buffer;
  caf::binary_serializer sink{system, buffer};
  if (!apply(sink, sent))
    return std::nullopt;
  caf::message received;
  caf::binary_deserializer source{system, buffer};
  if (!apply(source, received) || source.remaining() != 0)
    return std::nullopt;
  if (!received.template match_elements<T>())
    return std::nullopt;
  return received.template get_as<T>(0);
}

// -- all types of a block -----------------------------------------------------

/// Stands for `T` in an overload set: `samples(type<T>)` gives values of it.
template <class T>
struct type {};

template <taskvisor::detail::wire_enum E>
std::vector<E> samples(type<E>) {
  std::vector<E> result;
  for (std::size_t i = 0; i < wire_count(E{}); ++i)
    result.push_back(static_cast<E>(i));
  return result;
}

/// A message without members.
template <taskvisor::detail::wire_type T>
  requires(std::is_empty_v<T>)
std::vector<T> samples(type<T>) {
  return {T{}};
}

/// Calls `f(type<T>{})` for every type of a block and counts them.
template <class Block, class F>
std::size_t for_each_type(const F& f) {
  return [&]<std::size_t... Is>(std::index_sequence<Is...>) {
    (f(type<typename caf::type_by_id<Block::begin + Is>::type>{}), ...);
    return sizeof...(Is);
  }
  (std::make_index_sequence<Block::end - Block::begin>{});
}

/// Equal in every member that travels.
template <class T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, caf::error>)
    return a == b && describe(a) == describe(b);
  else if constexpr (taskvisor::detail::wire_type<T>)
    return std::apply(
      [&](auto... fields) {
        return (same(a.*fields.member, b.*fields.member) && ...);
      },
      T::wire_fields());
  else if constexpr (requires { a.begin(); })
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return same(x, y); });
  else
    return a == b;
}

template <class T>
void check_roundtrip(caf::actor_system& system, const std::vector<T>& sent) {
  BOOST_TEST(!sent.empty());
  for (const auto& x : sent) {
    auto received = roundtrip(system, x);
    BOOST_TEST_REQUIRE(received.has_value());
    BOOST_TEST(same(*received, x));
  }
}

} // namespace taskvisor::test
