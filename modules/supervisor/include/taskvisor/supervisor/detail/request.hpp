#pragma once

#include "taskvisor/events/error.hpp"
#include "taskvisor/supervisor/detail/await_safe.hpp"
#include "taskvisor/supervisor/detail/task_core.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

namespace taskvisor {

/// An awaited request got an error instead of a value. Retryable, like every
/// exception but `fatal` and `canceled`.
class request_error : public std::runtime_error {
public:
  explicit request_error(caf::error reason)
    : std::runtime_error(describe(reason)), reason_(std::move(reason)) {}

  const caf::error& reason() const noexcept { return reason_; }

private:
  caf::error reason_;
};

namespace detail {

/// Awaits the reply to one message. The reply is written to a slot that both
/// sides own: it may come after the await is gone.
template <class R, bool Try, class Handle, class... Ts>
class request_leaf final : public leaf {
public:
  using reply_slot = std::optional<caf::expected<R>>;

  template <class... Us>
  explicit request_leaf(Handle to, Us&&... args)
    : to_(std::move(to)), args_(std::forward<Us>(args)...) {}
  request_leaf(request_leaf&&) noexcept = default;
  ~request_leaf() override {
    if (waiting())
      disarm();
  }

  /// Gives up after `limit` with `caf::sec::request_timeout`.
  request_leaf within(duration limit) && {
    limit_ = limit;
    return std::move(*this);
  }

  bool await_ready() const noexcept { return false; }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    if (!enlist(frame))
      return false;
    std::apply([this](auto&... xs) { this->send(std::move(xs)...); }, args_);
    if (limit_)
      core().arm(*limit_, token());
    return true;
  }

  auto await_resume() {
    if constexpr (Try) {
      if (interrupted())
        return caf::expected<R>{make_error(errc::stopped, "the await was "
                                                          "interrupted")};
      return take();
    } else {
      check_interrupted();
      auto result = take();
      if (!result)
        throw request_error{result.error()};
      if constexpr (!std::is_void_v<R>)
        return std::move(*result);
    }
  }

private:
  template <class... Us>
  void send(Us&&... args) {
    auto& core = this->core();
    auto answered = [&core, at = token(), slot = slot_](auto make) {
      if (*slot)
        return;
      make(*slot);
      core.fire(at);
    };
    auto on_error = [answered](caf::error& reason) {
      answered([&](reply_slot& x) { x.emplace(std::move(reason)); });
    };
    auto pending = ask(core.self(), to_, std::forward<Us>(args)...);
    if constexpr (std::is_void_v<R>)
      std::move(pending).then(
        [answered] { answered([](reply_slot& x) { x.emplace(); }); }, on_error);
    else
      std::move(pending).then(
        [answered](R& value) {
          answered([&](reply_slot& x) { x.emplace(std::move(value)); });
        },
        on_error);
  }

  caf::expected<R> take() {
    disarm();
    if (!*slot_)
      return caf::expected<R>{caf::make_error(caf::sec::request_timeout)};
    return std::move(**slot_);
  }

  void disarm() noexcept {
    if (limit_)
      core().disarm(key());
  }

  bool throws_on_stop() const noexcept override { return !Try; }
  void on_withdrawn() noexcept override { disarm(); }

  Handle to_;
  std::tuple<Ts...> args_;
  std::optional<duration> limit_;
  std::shared_ptr<reply_slot> slot_ = std::make_shared<reply_slot>();
};

template <class R, bool Try, class Handle, class... Ts>
auto make_request(const Handle& to, Ts&&... args) {
  return request_leaf<R, Try, Handle, std::decay_t<Ts>...>{
    to, std::forward<Ts>(args)...};
}

} // namespace detail

} // namespace taskvisor
