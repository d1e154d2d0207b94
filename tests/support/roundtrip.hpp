#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>

#include <cstddef>
#include <optional>
#include <type_traits>
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

} // namespace taskvisor::test
