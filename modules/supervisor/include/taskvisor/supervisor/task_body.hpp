#pragma once

#include "taskvisor/events/task_info.hpp"
#include "taskvisor/supervisor/coro.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace taskvisor {

class task_context;

namespace detail {

/// What runs one attempt; shared by all attempts of a task.
class task_body {
public:
  virtual ~task_body() = default;

  /// Begins an attempt. An empty coroutine means that it succeeded already.
  virtual attempt begin(task_context& ctx) = 0;

  virtual body_kind kind() const noexcept = 0;

  /// Whether a stop may destroy the coroutine instead of throwing into it.
  virtual bool droppable() const noexcept { return false; }
};

using body_ptr = std::shared_ptr<task_body>;

template <class F>
concept coroutine_body = requires(F& f, task_context& ctx) {
  { f(ctx) } -> std::same_as<attempt>;
};

template <class F>
concept function_body = requires(F& f, task_context& ctx) {
  { f(ctx) } -> std::same_as<void>;
};

/// A body of another kind: knows how to become one itself.
template <class F>
concept special_body = requires(F f) {
  { std::move(f).to_body() } -> std::same_as<body_ptr>;
};

template <class F>
class callable_body : public task_body {
public:
  explicit callable_body(F f) : f_(std::move(f)) {}

  attempt begin(task_context& ctx) override {
    if constexpr (coroutine_body<F>) {
      return std::invoke(f_, ctx);
    } else {
      std::invoke(f_, ctx);
      return {};
    }
  }

  body_kind kind() const noexcept override {
    return coroutine_body<F> ? body_kind::coroutine : body_kind::function;
  }

private:
  F f_;
};

template <class F>
body_ptr make_body(F f) {
  if constexpr (special_body<F>)
    return std::move(f).to_body();
  else
    return std::make_shared<callable_body<F>>(std::move(f));
}

} // namespace detail

/// What may be a task's body: a coroutine `attempt(task_context&)`, a short
/// function `void(task_context&)` that returns soon, or one of the wrappers
/// for blocking functions and actors.
// clang-format off
template <class F>
concept task_callable = detail::coroutine_body<F> || detail::function_body<F>
                        || detail::special_body<F>;
// clang-format on

} // namespace taskvisor
