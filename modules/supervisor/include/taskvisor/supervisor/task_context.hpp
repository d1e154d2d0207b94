#pragma once

#include "taskvisor/supervisor/combinators.hpp"
#include "taskvisor/supervisor/coro.hpp"
#include "taskvisor/supervisor/detail/offload.hpp"
#include "taskvisor/supervisor/detail/request.hpp"
#include "taskvisor/supervisor/detail/sleep.hpp"

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

namespace taskvisor {

/// What a body knows and may await: one per attempt, valid until the attempt
/// ends, used only by its own body.
///
/// An await that a stop interrupts throws `stopped`, which unwinds the body:
/// destructors clean up, no branch is needed. The `try_` forms return a status
/// instead. After a stop every await that is not shielded is interrupted.
class task_context {
public:
  task_context(detail::task_core& core, const std::string& name, task_id id,
               std::uint32_t attempt) noexcept
    : core_(core), name_(name), id_(id), attempt_(attempt) {}
  task_context(const task_context&) = delete;
  task_context& operator=(const task_context&) = delete;

  const std::string& name() const noexcept { return name_; }
  task_id id() const noexcept { return id_; }

  /// From 1.
  std::uint32_t attempt() const noexcept { return attempt_; }

  /// Where the task runs: to spawn actors of its own.
  caf::actor_system& system() const noexcept { return core_.self()->system(); }

  /// Whether the attempt is to stop, and why. For loops that compute.
  stop_reason stop_requested() const noexcept { return core_.stopping(); }

  /// Suspends for `d`; zero or less lets others run.
  detail::sleep_leaf sleep_for(duration d) const noexcept {
    return detail::sleep_leaf{d};
  }

  /// Like `sleep_for`, but the await gives a `stop_reason`: `none` if the time
  /// is over.
  detail::try_sleep_leaf try_sleep_for(duration d) const noexcept {
    return detail::try_sleep_leaf{d};
  }

  /// Suspends until the attempt is to stop; gives the reason, never throws.
  detail::stop_leaf until_stopped() const noexcept {
    return detail::stop_leaf{};
  }

  /// Sends a message made of `args` to any CAF actor and gives the `R` that it
  /// replies; throws `request_error` if it replies an error, ends, or does not
  /// answer in time: `co_await ctx.request<int>(a, 1).within(5s)`.
  template <class R, class Handle, class... Ts>
  auto request(const Handle& to, Ts&&... args) const {
    (detail::check_await_argument<Ts>(), ...);
    return detail::make_request<R, false>(to, std::forward<Ts>(args)...);
  }

  /// Like `request`, but the await gives `caf::expected<R>`; after a stop the
  /// error is `errc::stopped`.
  template <class R, class Handle, class... Ts>
  auto try_request(const Handle& to, Ts&&... args) const {
    (detail::check_await_argument<Ts>(), ...);
    return detail::make_request<R, true>(to, std::forward<Ts>(args)...);
  }

  /// Runs a blocking function on the supervisor's threads and gives its
  /// result; its exception is thrown here. If it takes a `std::stop_token`
  /// first, that is told when the await ends early. The function itself runs
  /// on: it must own what it uses.
  template <class F, class... Ts>
  auto offload(F&& f, Ts&&... args) const {
    detail::check_await_argument<F>();
    (detail::check_await_argument<Ts>(), ...);
    return detail::make_offload(std::forward<F>(f), std::forward<Ts>(args)...);
  }

  /// Awaits a coroutine whose awaits no stop interrupts: cleanup within the
  /// grace.
  template <class T>
  coro<T> shielded(coro<T> inner) const {
    inner.frame().promise().shielded = true;
    return inner;
  }

private:
  detail::task_core& core_;
  const std::string& name_;
  task_id id_;
  std::uint32_t attempt_;
};

} // namespace taskvisor
