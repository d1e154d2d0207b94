#pragma once

namespace taskvisor::test {

/// Under a sanitizer everything takes several times as long: loops are
/// shorter, and memory is not judged.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

} // namespace taskvisor::test
