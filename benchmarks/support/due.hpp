#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

/// Deadlines in an order that is neither that of arming nor its reverse.
inline std::int64_t due_of(std::size_t i, std::size_t n) {
  return static_cast<std::int64_t>((i * 7919) % n);
}

} // namespace bench
