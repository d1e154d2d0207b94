#pragma once

#include <string_view>

namespace taskvisor::detail {

/// `*` stands for any text, `?` for one character of UTF-8, all else for
/// itself. Takes pattern times text steps at worst, and no memory: publishers
/// call it under their lock.
bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

} // namespace taskvisor::detail
