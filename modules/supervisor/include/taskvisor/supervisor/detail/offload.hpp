#pragma once

#include "taskvisor/supervisor/detail/await_safe.hpp"
#include "taskvisor/supervisor/detail/task_core.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace taskvisor::detail {

/// A job on its way to a thread: either it is taken, or it is withdrawn and
/// never runs. Any thread.
class job_ticket {
public:
  bool take() noexcept { return !gone_.exchange(true); }
  bool withdraw() noexcept { return !gone_.exchange(true); }

private:
  std::atomic<bool> gone_{false};
};

enum class job_role : std::uint8_t { part_of_attempt, whole_attempt };

/// Runs a job of a task on the supervisor's threads; it must not throw.
std::shared_ptr<job_ticket> run_blocking(task_core& core, job_role role,
                                         std::function<void()> job);

/// Awaits a function that runs on another thread. What both threads touch is
/// shared by both: the function may outlive the await.
template <class R, class Call>
class offload_leaf : public leaf {
public:
  explicit offload_leaf(Call call)
    : job_(std::make_shared<job>(std::move(call))) {}
  offload_leaf(offload_leaf&&) noexcept = default;
  ~offload_leaf() override {
    if (waiting())
      on_withdrawn();
  }

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    if (!enlist(frame))
      return false;
    ticket_ = run_blocking(
      core(), role(),
      [job = job_, back = core().handle(), at = token()]() mutable {
        job->run();
        job.reset();
        post(back, wake{at.key, at.slot});
      });
    return true;
  }

  R await_resume() {
    check_interrupted();
    if (job_->error)
      std::rethrow_exception(job_->error);
    if constexpr (!std::is_void_v<R>)
      return std::move(*job_->value);
  }

protected:
  /// True if it never began and will not.
  bool tell_to_stop() noexcept {
    job_->stop.request_stop();
    return ticket_->withdraw();
  }

private:
  using stored = std::conditional_t<std::is_void_v<R>, std::monostate, R>;

  struct job {
    explicit job(Call x) : call(std::move(x)) {}

    void run() noexcept {
      try {
        if constexpr (std::is_void_v<R>)
          (*call)(stop.get_token());
        else
          value.emplace((*call)(stop.get_token()));
      } catch (...) {
        error = std::current_exception();
      }
      call.reset(); // what it captured ends on the thread that used it
    }

    std::optional<Call> call;
    std::stop_source stop;
    std::optional<stored> value;
    std::exception_ptr error;
  };

  virtual job_role role() const noexcept { return job_role::part_of_attempt; }
  bool throws_on_stop() const noexcept override {
    return role() == job_role::part_of_attempt;
  }
  void on_withdrawn() noexcept override { tell_to_stop(); }

  std::shared_ptr<job> job_;
  std::shared_ptr<job_ticket> ticket_;
};

/// An offloaded function that is the attempt itself: a stop is only told, and
/// the frame stays until it returns.
template <class R, class Call>
class blocking_leaf final : public offload_leaf<R, Call> {
public:
  using offload_leaf<R, Call>::offload_leaf;

private:
  job_role role() const noexcept override { return job_role::whole_attempt; }
  bool on_stop() override { return this->tell_to_stop(); }
  bool on_abort() override { return false; }
};

template <class F, class... Ts>
auto bind_blocking(F&& f, Ts&&... args) {
  return [fn = std::decay_t<F>(std::forward<F>(f)),
          bound = std::tuple<std::decay_t<Ts>...>(std::forward<Ts>(args)...)](
           std::stop_token stop) mutable {
    return std::apply(
      [&](auto&... xs) {
        if constexpr (std::is_invocable_v<decltype(fn)&, std::stop_token,
                                          decltype(xs)...>)
          return std::invoke(fn, std::move(stop), xs...);
        else
          return std::invoke(fn, xs...);
      },
      bound);
  };
}

template <class F, class... Ts>
auto make_offload(F&& f, Ts&&... args) {
  auto call = bind_blocking(std::forward<F>(f), std::forward<Ts>(args)...);
  using result = decltype(call(std::stop_token{}));
  return offload_leaf<result, decltype(call)>{std::move(call)};
}

} // namespace taskvisor::detail
