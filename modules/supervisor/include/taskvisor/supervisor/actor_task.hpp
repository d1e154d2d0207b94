#pragma once

#include "taskvisor/supervisor/task_body.hpp"
#include "taskvisor/supervisor/task_context.hpp"

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace taskvisor {

namespace detail {

/// Awaits the end of an actor that is the attempt itself. A stop is an exit
/// message, the force a kill; the frame stays until the actor has ended.
class actor_leaf final : public leaf {
public:
  explicit actor_leaf(caf::actor who) noexcept : who_(std::move(who)) {}
  actor_leaf(actor_leaf&&) noexcept = default;
  ~actor_leaf() override;

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    if (!enlist(frame))
      return false;
    watch();
    return true;
  }

  void await_resume();

private:
  void watch();
  bool on_stop() override;
  bool on_abort() override;

  caf::actor who_;
  std::shared_ptr<caf::error> reason_ = std::make_shared<caf::error>();
  bool told_ = false;
};

template <class F>
concept system_factory = requires(F& f, caf::actor_system& sys) {
  {caf::actor_cast<caf::actor>(f(sys))};
};

template <class F>
concept context_factory = requires(F& f, task_context& ctx) {
  {caf::actor_cast<caf::actor>(f(ctx))};
};

template <class F>
class actor_body final : public task_body {
public:
  explicit actor_body(F make) : make_(std::make_shared<F>(std::move(make))) {}

  attempt begin(task_context& ctx) override { return run(ctx, make_); }

  body_kind kind() const noexcept override { return body_kind::actor; }

private:
  static attempt run(task_context& ctx, std::shared_ptr<F> make) {
    actor_leaf ended{spawn(ctx, *make)};
    co_await ended;
  }

  static caf::actor spawn(task_context& ctx, F& make) {
    if constexpr (context_factory<F>)
      return caf::actor_cast<caf::actor>(make(ctx));
    else
      return caf::actor_cast<caf::actor>(make(ctx.system()));
  }

  std::shared_ptr<F> make_;
};

template <class F>
struct actor_spec {
  F make;

  body_ptr to_body() && {
    return std::make_shared<actor_body<F>>(std::move(make));
  }
};

} // namespace detail

/// A body that is a CAF actor of any kind: event-based, stateful, typed,
/// blocking or detached. `make` spawns a fresh one for each attempt, from the
/// `caf::actor_system&` or the `task_context&`, and returns its handle. Its
/// normal end is success, an end with an error a failure with that reason. A
/// stop is the exit message `user_shutdown`; when the grace is over it is
/// killed. One whose handler never returns is reported as stuck and keeps its
/// name until it ends.
template <class F>
  requires detail::system_factory<F> || detail::context_factory<F>
    detail::actor_spec<F> actor_task(F make) {
    return {std::move(make)};
  }

} // namespace taskvisor
