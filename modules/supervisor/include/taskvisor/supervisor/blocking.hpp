#pragma once

#include "taskvisor/supervisor/task_body.hpp"
#include "taskvisor/supervisor/task_context.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace taskvisor {

namespace detail {

template <class F>
class blocking_body final : public task_body {
public:
  explicit blocking_body(F fn) : fn_(std::make_shared<F>(std::move(fn))) {}

  attempt begin(task_context&) override { return run(fn_); }

  body_kind kind() const noexcept override { return body_kind::blocking; }

private:
  static attempt run(std::shared_ptr<F> fn) {
    auto call = bind_blocking(
      [](std::stop_token stop, std::shared_ptr<F>& f) {
        if constexpr (std::is_invocable_v<F&, std::stop_token>)
          (*f)(std::move(stop));
        else
          (*f)();
      },
      fn);
    blocking_leaf<void, decltype(call)> job{std::move(call)};
    co_await job;
  }

  std::shared_ptr<F> fn_;
};

template <class F>
struct blocking_spec {
  F fn;

  body_ptr to_body() && {
    return std::make_shared<blocking_body<F>>(std::move(fn));
  }
};

} // namespace detail

/// A body for code that blocks: `void(std::stop_token)` or `void()`, run on the
/// supervisor's bounded threads, never on a CAF worker. A stop or a timeout is
/// told through the token; the function cannot be forced, so one that ignores
/// it is reported as stuck and keeps its name until it returns. What it throws
/// says how the attempt ended, as for coroutines.
template <class F>
detail::blocking_spec<F> blocking(F fn) {
  return {std::move(fn)};
}

} // namespace taskvisor
