#pragma once

namespace taskvisor::detail {

int subscribers_placeholder() noexcept;

} // namespace taskvisor::detail
