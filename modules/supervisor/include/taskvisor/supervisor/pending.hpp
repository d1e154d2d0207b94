#pragma once

#include "taskvisor/events/detail/lingering_actor.hpp"
#include "taskvisor/events/error.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/detail/task_core.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace taskvisor {

template <class T>
class pending;

namespace detail {

/// The result that a `promise_of` sets once and a `pending` takes once.
template <class T>
class result_cell {
public:
  void add_producer() noexcept {
    producers_.fetch_add(1, std::memory_order_relaxed);
  }

  void remove_producer() {
    if (producers_.fetch_sub(1, std::memory_order_acq_rel) == 1 && !resolved_)
      resolve(make_error(errc::shutting_down,
                         "the supervisor ended before it answered"));
  }

  /// The first result counts; later ones are ignored.
  void resolve(caf::expected<T> result) {
    std::function<void()> then;
    {
      std::lock_guard guard{mutex_};
      if (resolved_)
        return;
      resolved_.store(true, std::memory_order_release);
      result_.emplace(std::move(result));
      then = std::exchange(then_, nullptr);
    }
    arrived_.notify_all();
    if (then)
      then();
  }

  bool resolved() const noexcept { return resolved_; }

  /// False if the result is there already: `then` will not be called.
  bool on_resolved(std::function<void()> then) {
    std::lock_guard guard{mutex_};
    if (resolved_)
      return false;
    then_ = std::move(then);
    return true;
  }

  void forget_then() noexcept {
    std::function<void()> then; // destroyed outside the lock
    std::lock_guard guard{mutex_};
    then_.swap(then);
  }

  caf::expected<T> take() {
    std::lock_guard guard{mutex_};
    return take_locked();
  }

  caf::expected<T> wait(std::optional<duration> limit) {
    spin_until([this] { return resolved_.load(); });
    std::unique_lock guard{mutex_};
    auto there = [this] { return resolved_.load(); };
    if (!limit)
      arrived_.wait(guard, there);
    else if (!arrived_.wait_for(guard, *limit, there))
      return make_error(errc::wait_timeout, "no result within the given time");
    return take_locked();
  }

private:
  caf::expected<T> take_locked() {
    if (!result_)
      return make_error(errc::shutting_down, "the result was taken before");
    auto result = std::move(*result_);
    result_.reset();
    return result;
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::atomic<std::size_t> producers_{0};
  std::atomic<bool> resolved_{false};
  std::optional<caf::expected<T>> result_;
  std::function<void()> then_;
};

/// The producing side. Copies share one cell; when the last one goes without
/// a result, the waiting side learns that there will be none.
template <class T>
class promise_of {
public:
  promise_of() : cell_(std::make_shared<result_cell<T>>()) {
    cell_->add_producer();
  }
  promise_of(const promise_of& other) noexcept : cell_(other.cell_) {
    cell_->add_producer();
  }
  promise_of(promise_of&& other) noexcept = default;
  promise_of& operator=(promise_of other) noexcept {
    cell_.swap(other.cell_);
    return *this;
  }
  ~promise_of() {
    if (cell_)
      cell_->remove_producer();
  }

  void resolve(caf::expected<T> result) const {
    cell_->resolve(std::move(result));
  }

  pending<T> get_pending() const { return pending<T>{cell_}; }

private:
  std::shared_ptr<result_cell<T>> cell_;
};

template <class T>
class pending_leaf final : public leaf {
public:
  explicit pending_leaf(std::shared_ptr<result_cell<T>> cell)
    : cell_(std::move(cell)) {}
  pending_leaf(pending_leaf&&) noexcept = default;
  ~pending_leaf() override {
    if (waiting())
      cell_->forget_then();
  }

  /// Who stops itself is to hear of the stop first, not of the answer.
  bool await_ready() const { return cell_->resolved() && !stop_is_coming(); }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    if (!enlist(frame))
      return false;
    auto wait = cell_->on_resolved([to = core().handle(), at = token()] {
      post(to, wake{at.key, at.slot});
    });
    if (!wait)
      post(core().handle(), wake{key(), token().slot});
    return true;
  }

  caf::expected<T> await_resume() {
    check_interrupted();
    return cell_->take();
  }

private:
  bool throws_on_stop() const noexcept override { return true; }
  void on_withdrawn() noexcept override { cell_->forget_then(); }

  std::shared_ptr<result_cell<T>> cell_;
};

} // namespace detail

/// A result that is on its way: the same for every operation of the handle,
/// taken once, in one of three ways. Dropping it undoes nothing.
///
///     handle.add(spec).get(5s)                 // a thread: blocks
///     auto id = co_await handle.add(spec);     // a task: suspends
///     handle.add(spec).then(actor, on_added)   // an actor: a message
template <class T>
class [[nodiscard]] pending {
public:
  explicit pending(std::shared_ptr<detail::result_cell<T>> cell)
    : cell_(std::move(cell)) {}

  /// An answer that needs no waiting.
  static pending resolved(caf::expected<T> result) {
    auto cell = std::make_shared<detail::result_cell<T>>();
    cell->resolve(std::move(result));
    return pending{std::move(cell)};
  }

  /// Whether the result is there. Any thread.
  bool ready() const { return cell_->resolved(); }

  /// Blocks the calling thread until the result is there. In a task, which
  /// might wait for itself: `would_deadlock` at once; use `co_await` there.
  caf::expected<T> get() { return wait(std::nullopt); }

  /// Like `get`, for at most `limit`: then `wait_timeout`, and the result can
  /// still be taken later.
  caf::expected<T> get(duration limit) { return wait(limit); }

  /// Sends `to_message(result)` to the actor when the result is there: a
  /// callable from `caf::expected<T>` to one message of that actor. Runs on
  /// any thread.
  template <class Handle, class ToMessage>
  void then(const Handle& to, ToMessage to_message) && {
    std::move(*this).then_call(
      [to, make = std::move(to_message)](caf::expected<T> result) mutable {
        detail::post(to, make(std::move(result)));
      });
  }

  /// Calls `f` with the result when it is there, on whatever thread brings it:
  /// now, if it is there already. `f` must not block.
  template <class F>
  void then_call(F f) && {
    auto call = [cell = cell_, f = std::move(f)]() mutable { f(cell->take()); };
    if (!cell_->on_resolved(call))
      call();
  }

  auto operator co_await() && {
    return detail::pending_leaf<T>{std::move(cell_)};
  }
  auto operator co_await() & { return detail::pending_leaf<T>{cell_}; }

private:
  caf::expected<T> wait(std::optional<duration> limit) {
    if (!cell_->resolved() && detail::current_task() != nullptr)
      return make_error(errc::would_deadlock,
                        "get() in a task's body: use co_await there");
    return cell_->wait(limit);
  }

  std::shared_ptr<detail::result_cell<T>> cell_;
};

} // namespace taskvisor
