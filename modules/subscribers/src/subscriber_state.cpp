#include "subscriber_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace taskvisor::detail {

namespace {

/// Asking again after losses shall not take more than a tenth of the
/// registry's time; but this subscriber may be what was slow.
constexpr int pauses_per_answer = 9;
constexpr std::chrono::seconds longest_pause{1};

} // namespace

subscriber_state::subscriber_state(caf::actor_config& cfg,
                                   subscriber_setup setup)
  : lingering_actor(cfg),
    setup_(std::move(setup)),
    overflow_(setup_.queue->capacity()) {}

auto subscriber_state::make_behavior() -> behavior_type {
  asked_at_ = clock().now();
  return {
    [this](const event& x) { on_event(x); },
    [this](close_sink) { on_close_sink(); },
    [this](const state_snapshot& x) { on_snapshot(x); },
    [this](refresh_state) { on_refresh_state(); },
  };
}

void subscriber_state::on_exit() {
  setup_.callback = nullptr;
  setup_.on_snapshot = nullptr;
}

// -- messages -----------------------------------------------------------------

void subscriber_state::on_event(const event& x) {
  call(x);
  // First the place, then the report: with one place it would be lost here.
  auto& queue = *setup_.queue;
  queue.give_back();
  tell_lost(overflow_.after_callback(queue.lost_ordinary(), queue.depth()));
}

void subscriber_state::on_close_sink() {
  tell_lost(overflow_.rest(setup_.queue->lost_ordinary()));
  // Who sees the end finds the callback freed: on_exit may come later.
  setup_.callback = nullptr;
  setup_.on_snapshot = nullptr;
  quit();
}

void subscriber_state::on_snapshot(const state_snapshot& x) {
  answer_took_ = clock().now() - asked_at_;
  refresh_due_ = false;
  guarded([&] { setup_.on_snapshot(x); }, true);
}

void subscriber_state::on_refresh_state() {
  asked_at_ = clock().now();
  if (auto publisher = setup_.publisher.lock())
    publisher->request_state(caf::actor_cast<caf::strong_actor_ptr>(this));
}

// -- delivery -----------------------------------------------------------------

void subscriber_state::call(const event& x) {
  guarded([&] { setup_.callback(x); }, !is_diagnostic(x.kind));
}

template <class F>
void subscriber_state::guarded(F f, bool tell_throws) {
  event report;
  report.kind = event_kind::subscriber_panicked;
  try {
    f();
    return;
  } catch (const std::exception& e) {
    report.reason = e.what();
  } catch (...) {
    report.reason = "not a std::exception";
  }
  if (tell_throws)
    tell(std::move(report));
}

void subscriber_state::tell_lost(std::uint64_t number) {
  if (number == 0)
    return;
  event report;
  report.kind = event_kind::subscriber_overflow;
  report.reason = fmt::format("full: {} lost", number);
  report.lost = number;
  tell(std::move(report));
  if (setup_.on_snapshot)
    refresh_later();
}

void subscriber_state::tell(event x) {
  auto publisher = setup_.publisher.lock();
  if (!publisher)
    return;
  x.task = setup_.name;
  publisher->publish(std::move(x));
}

void subscriber_state::refresh_later() {
  if (std::exchange(refresh_due_, true))
    return;
  caf::actor_clock::duration_type pause = longest_pause;
  pause = std::min(pause, answer_took_ * pauses_per_answer);
  scheduled_anon_send(state_follower_actor{this}, clock().now() + pause,
                      refresh_state{});
}

} // namespace taskvisor::detail
