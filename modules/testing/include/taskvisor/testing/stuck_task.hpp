#pragma once

#include "taskvisor/supervisor/supervisor.hpp"

#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

namespace taskvisor::testing {

/// A body that ignores its stop and its force, like a blocking function that
/// does not return, but on virtual time: `release` ends its attempt as a
/// success. Copies are the same body.
class stuck_task {
public:
  taskvisor::detail::body_ptr to_body() const {
    return std::make_shared<body>(gate_);
  }

  /// Ends the attempt that runs, if there is one. It does not outlive the
  /// world that it runs in.
  void release() {
    if (auto who = std::exchange(gate_->who, std::nullopt))
      taskvisor::detail::post(*who, wake{gate_->at.key, gate_->at.slot});
  }

private:
  struct gate {
    std::optional<task_actor> who;
    taskvisor::detail::wake_token at;
  };

  class leaf final : public taskvisor::detail::leaf {
  public:
    explicit leaf(std::shared_ptr<gate> x) noexcept : gate_(std::move(x)) {}
    leaf(leaf&&) noexcept = default;
    ~leaf() override = default;

    bool await_ready() const noexcept { return false; }

    template <class P>
    bool await_suspend(std::coroutine_handle<P> frame) {
      if (!enlist(frame))
        return false;
      gate_->who = core().handle();
      gate_->at = token();
      return true;
    }

    void await_resume() const noexcept {}

  private:
    bool on_stop() override { return false; }
    bool on_abort() override { return false; }

    std::shared_ptr<gate> gate_;
  };

  class body final : public taskvisor::detail::task_body {
  public:
    explicit body(std::shared_ptr<gate> x) noexcept : gate_(std::move(x)) {}

    attempt begin(task_context&) override { return run(gate_); }

    body_kind kind() const noexcept override { return body_kind::blocking; }

  private:
    static attempt run(std::shared_ptr<gate> x) {
      leaf closed{std::move(x)};
      co_await closed;
    }

    std::shared_ptr<gate> gate_;
  };

  std::shared_ptr<gate> gate_ = std::make_shared<gate>();
};

} // namespace taskvisor::testing
