#pragma once

#include <exception>
#include <string>

namespace taskvisor::detail {

/// `std::out_of_range: index 7`: the type, readable, and what it says.
std::string exception_text(const std::exception& x);

} // namespace taskvisor::detail
