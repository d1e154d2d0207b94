#pragma once

#include <type_traits>

namespace taskvisor::detail {

/// g++ 12 destroys a non-trivial closure or aggregate that is written inside a
/// co_await expression twice. A closure type has an operator() and no default
/// constructor unless it captures nothing.
template <class T, class U = std::remove_cvref_t<T>>
concept await_safe
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
  // clang-format off
  = std::is_lvalue_reference_v<T> || std::is_trivially_destructible_v<U>
    || (!std::is_aggregate_v<U>
        && (!requires { &U::operator(); }
            || std::is_default_constructible_v<U>));
// clang-format on
#else
  = true;
#endif

/// Refuses what this compiler would miscompile, with the way out.
template <class T>
constexpr void check_await_argument() {
  static_assert(await_safe<T>,
                "g++ 12 destroys this temporary twice in a co_await "
                "expression: give it a name first (auto job = [x] {...}; "
                "co_await ctx.offload(job);) or pass the captures as "
                "arguments (ctx.offload(fn, x))");
}

} // namespace taskvisor::detail
