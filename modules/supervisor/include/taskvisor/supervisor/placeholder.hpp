#pragma once

namespace taskvisor::detail {

int supervisor_placeholder() noexcept;

} // namespace taskvisor::detail
