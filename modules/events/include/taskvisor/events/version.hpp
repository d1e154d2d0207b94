#pragma once

#include <string_view>

namespace taskvisor {

/// Version of the linked library as "major.minor.patch"; valid for the whole
/// run of the program.
std::string_view version() noexcept;

} // namespace taskvisor
