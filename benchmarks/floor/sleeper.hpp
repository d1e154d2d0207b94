#pragma once

#include "world.hpp"

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <utility>

namespace bench {

/// The frame of a coroutine that is suspended until it is resumed once; as
/// large as that of a body of taskvisor's which sleeps, 160 bytes.
class frame {
public:
  struct promise_type {
    std::array<std::byte, 128> state{};

    frame get_return_object() {
      return frame{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };

  frame() = default;
  frame(frame&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  frame& operator=(frame&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~frame() {
    if (handle_)
      handle_.destroy();
  }

  void resume() { handle_.resume(); }

private:
  explicit frame(std::coroutine_handle<promise_type> x) : handle_(x) {}

  std::coroutine_handle<promise_type> handle_;
};

/// An actor that waits, with a frame if it stands for a coroutine. A message
/// wakes it: it ends and tells so.
class sleeper : public caf::event_based_actor {
public:
  sleeper(caf::actor_config& cfg, caf::actor owner, countdown& ready,
          bool with_frame)
    : caf::event_based_actor(cfg),
      owner_(std::move(owner)),
      ready_(ready),
      with_frame_(with_frame) {}

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  caf::actor owner_;
  countdown& ready_;
  bool with_frame_;
  frame frame_;
};

/// Sleeping actors, and who counts their ends.
struct sleepers {
  sleepers(world& w, std::size_t n, bool with_frame);

  countdown over;
  caf::actor owner;
  std::vector<caf::actor> all;
};

} // namespace bench
