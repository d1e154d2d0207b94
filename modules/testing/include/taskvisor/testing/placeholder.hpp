#pragma once

namespace taskvisor::detail {

int testing_placeholder() noexcept;

} // namespace taskvisor::detail
