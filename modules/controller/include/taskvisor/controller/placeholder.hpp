#pragma once

namespace taskvisor::detail {

int controller_placeholder() noexcept;

} // namespace taskvisor::detail
