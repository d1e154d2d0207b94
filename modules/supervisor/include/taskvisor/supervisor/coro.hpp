#pragma once

#include "taskvisor/supervisor/detail/task_core.hpp"
#include "taskvisor/supervisor/task_error.hpp"

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace taskvisor {

template <class T = void>
class coro;

/// One attempt of a task: what a coroutine body returns. The end of the body
/// is success; an exception says how it failed (`task_error.hpp`), or the same
/// error after `co_yield`, which costs no unwinding.
using attempt = coro<void>;

namespace detail {

/// What says by itself how an attempt ended.
template <class E>
concept ending_error =
  std::derived_from<E, task_failure> || std::same_as<E, canceled>;

/// Told when a coroutine ends; returns what runs next.
using on_done = std::coroutine_handle<> (*)(void* arg) noexcept;

struct promise_base {
  task_core* core = nullptr;
  /// Awaits of this coroutine go on although a stop was requested.
  bool shielded = false;
  on_done done = nullptr;
  void* done_arg = nullptr;
  std::exception_ptr error;

  struct final_awaiter {
    bool await_ready() noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> h) noexcept {
      auto& self = h.promise();
      return self.done ? self.done(self.done_arg) : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  final_awaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }

  /// Ends the coroutine here, as a `throw` would that nothing in it catches.
  /// It stays suspended with its locals, until its frame is destroyed.
  template <ending_error E>
  final_awaiter yield_value(E x) noexcept {
    error = std::make_exception_ptr(std::move(x));
    return {};
  }
};

template <class T>
struct coro_promise : promise_base {
  std::optional<T> value;

  coro<T> get_return_object();

  template <class U>
  void return_value(U&& x) {
    value.emplace(std::forward<U>(x));
  }

  T take() {
    if (error)
      std::rethrow_exception(error);
    return std::move(*value);
  }
};

template <>
struct coro_promise<void> : promise_base {
  coro<void> get_return_object();

  void return_void() noexcept {}

  void take() {
    if (error)
      std::rethrow_exception(error);
  }
};

} // namespace detail

/// A lazy coroutine with a result: starts when awaited, belongs to one task,
/// and is destroyed with the awaiting expression. Values and exceptions pass
/// to the awaiting coroutine. A lambda that is a coroutine must outlive it.
template <class T>
class [[nodiscard]] coro {
public:
  using promise_type = detail::coro_promise<T>;
  using handle_type = std::coroutine_handle<promise_type>;
  using value_type = T;

  coro() noexcept = default;
  explicit coro(handle_type frame) noexcept : frame_(frame) {}
  coro(coro&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  coro& operator=(coro&& other) noexcept {
    if (this != &other) {
      reset();
      frame_ = std::exchange(other.frame_, {});
    }
    return *this;
  }
  ~coro() { reset(); }

  /// Destroys the frame where it is suspended: its destructors run.
  void reset() noexcept {
    if (frame_)
      std::exchange(frame_, {}).destroy();
  }

  handle_type frame() const noexcept { return frame_; }

  /// Whether its result or its error is there.
  bool ended() const noexcept {
    return frame_.done() || frame_.promise().error;
  }
  explicit operator bool() const noexcept { return static_cast<bool>(frame_); }

  auto operator co_await() && noexcept { return awaiter{frame_}; }

private:
  struct awaiter {
    handle_type child;

    bool await_ready() const noexcept { return false; }

    // Starts the child in here and suspends only if it really waits. Symmetric
    // transfer into it would need a guaranteed tail call, which g++ has only
    // with optimisation and never under a sanitizer.
    template <class P>
    bool await_suspend(std::coroutine_handle<P> parent) {
      auto& inner = child.promise();
      inner.core = parent.promise().core;
      inner.shielded = inner.shielded || parent.promise().shielded;
      child.resume();
      if (child.done() || inner.error)
        return false;
      inner.done_arg = parent.address();
      inner.done = [](void* frame) noexcept -> std::coroutine_handle<> {
        return std::coroutine_handle<>::from_address(frame);
      };
      return true;
    }

    T await_resume() { return child.promise().take(); }
  };

  handle_type frame_;
};

namespace detail {

template <class T>
coro<T> coro_promise<T>::get_return_object() {
  return coro<T>{coro<T>::handle_type::from_promise(*this)};
}

inline coro<void> coro_promise<void>::get_return_object() {
  return coro<void>{coro<void>::handle_type::from_promise(*this)};
}

} // namespace detail

} // namespace taskvisor
