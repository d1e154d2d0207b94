#pragma once

#include "taskvisor/supervisor/coro.hpp"

#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace taskvisor {

namespace detail {

template <class T>
struct is_coro : std::false_type {};
template <class T>
struct is_coro<coro<T>> : std::true_type {};

template <class A>
auto result_of_await(A&& x) {
  if constexpr (requires { std::forward<A>(x).operator co_await(); })
    return std::type_identity<
      decltype(std::forward<A>(x).operator co_await().await_resume())>{};
  else
    return std::type_identity<decltype(x.await_resume())>{};
}

template <class A>
using awaited_t = typename decltype(result_of_await(std::declval<A>()))::type;

/// Any awaitable of taskvisor as a coroutine.
template <class A>
coro<awaited_t<A>> as_coro(A awaitable) {
  if constexpr (std::is_void_v<awaited_t<A>>)
    co_await std::move(awaitable);
  else
    co_return co_await std::move(awaitable);
}

template <class T>
coro<T> as_coro(coro<T> x) {
  return x;
}

template <class A>
using branch_value = typename decltype(as_coro(std::declval<A>()))::value_type;

template <class T>
using branch_stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
branch_stored<T> take_branch(coro<T>& x) {
  if constexpr (std::is_void_v<T>) {
    x.frame().promise().take();
    return {};
  } else {
    return x.frame().promise().take();
  }
}

/// Runs several coroutines of one task side by side. `needed` of them must end
/// before the awaiting one goes on. Not movable once awaited: the branches
/// point to it.
class branches {
public:
  explicit branches(std::size_t needed) noexcept : needed_(needed) {}

  /// Starts a branch; false if nothing more needs to be started.
  template <class P, class T>
  bool start(std::coroutine_handle<P> parent, coro<T>& branch) {
    auto& inner = branch.frame().promise();
    inner.core = parent.promise().core;
    inner.shielded = inner.shielded || parent.promise().shielded;
    inner.done = [](void* arg) noexcept -> std::coroutine_handle<> {
      return static_cast<branches*>(arg)->ended();
    };
    inner.done_arg = this;
    branch.frame().resume();
    return needed_ != 0;
  }

  /// All are started: true if the awaiting coroutine has to wait.
  bool wait(std::coroutine_handle<> parent) noexcept {
    parent_ = parent;
    return needed_ != 0;
  }

private:
  std::coroutine_handle<> ended() noexcept {
    if (needed_ == 0)
      return std::noop_coroutine();
    --needed_;
    return needed_ == 0 && parent_ ? parent_ : std::noop_coroutine();
  }

  std::size_t needed_;
  std::coroutine_handle<> parent_;
};

template <class... Ts>
class all_awaiter {
public:
  explicit all_awaiter(coro<Ts>... xs) : coros_(std::move(xs)...) {}

  bool await_ready() const noexcept { return sizeof...(Ts) == 0; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> parent) {
    std::apply([&](auto&... xs) { (state_.start(parent, xs), ...); }, coros_);
    return state_.wait(parent);
  }

  std::tuple<branch_stored<Ts>...> await_resume() {
    return std::apply(
      [](auto&... xs) {
        return std::tuple<branch_stored<Ts>...>{take_branch(xs)...};
      },
      coros_);
  }

private:
  std::tuple<coro<Ts>...> coros_;
  branches state_{sizeof...(Ts)};
};

template <class... Ts>
class any_awaiter {
public:
  using result = std::variant<branch_stored<Ts>...>;

  explicit any_awaiter(coro<Ts>... xs) : coros_(std::move(xs)...) {}

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> parent) {
    std::apply(
      // Once one has ended the rest is not even started.
      [&](auto&... xs) { (state_.start(parent, xs) && ...); }, coros_);
    return state_.wait(parent);
  }

  result await_resume() { return take(std::index_sequence_for<Ts...>{}); }

private:
  template <std::size_t... Is>
  result take(std::index_sequence<Is...>) {
    std::size_t winner = sizeof...(Is);
    auto look = [&](std::size_t i, const auto& x) {
      if (winner == sizeof...(Is) && x.ended())
        winner = i;
    };
    (look(Is, std::get<Is>(coros_)), ...);
    // The others end here, before the winner's value or exception goes on.
    ((Is == winner ? void() : std::get<Is>(coros_).reset()), ...);
    std::optional<result> taken;
    ((Is == winner ? void(taken.emplace(std::in_place_index<Is>,
                                        take_branch(std::get<Is>(coros_))))
                   : void()),
     ...);
    return std::move(*taken);
  }

  std::tuple<coro<Ts>...> coros_;
  branches state_{1};
};

} // namespace detail

/// Awaits all; gives a tuple of their values (`std::monostate` for void), or
/// throws the first exception in the order of the arguments when all ended.
template <class... As>
auto when_all(As... xs) {
  return detail::all_awaiter<detail::branch_value<As>...>{
    detail::as_coro(std::move(xs))...};
}

/// Awaits the first to end, by value or exception, and destroys the others
/// where they are suspended. Gives a variant whose index is the winner's.
template <class... As>
  requires(sizeof...(As) > 0)
auto when_any(As... xs) {
  return detail::any_awaiter<detail::branch_value<As>...>{
    detail::as_coro(std::move(xs))...};
}

} // namespace taskvisor
