#pragma once

#include "blocking_pool.hpp"
#include "registry_entry.hpp"

#include "taskvisor/events/event_publisher.hpp"
#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/detail/command_gate.hpp"
#include "taskvisor/supervisor/management.hpp"
#include "taskvisor/supervisor/supervisor_config.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace taskvisor::detail {

/// How long nothing may happen after an abort until what is left is stuck.
constexpr auto settle_time = std::chrono::milliseconds{25};

/// The layer before the registry, if there is one: put in once, until the
/// shutdown begins. Any thread.
class admission_layer {
public:
  bool put(std::vector<admission_layer_actor> actors,
           std::shared_ptr<void> data) {
    std::lock_guard guard{mutex_};
    if (closed_ || !actors_.empty())
      return false;
    actors_ = std::move(actors);
    data_ = std::move(data);
    present_.store(!actors_.empty(), std::memory_order_release);
    return true;
  }

  /// Nothing is put in any more; who is to be told of the shutdown.
  const std::vector<admission_layer_actor>& close() {
    std::lock_guard guard{mutex_};
    closed_ = true;
    return actors_;
  }

  /// Who takes stops by id before the registry does.
  const admission_layer_actor* front() const noexcept {
    return present_.load(std::memory_order_acquire) ? actors_.data() : nullptr;
  }

  std::shared_ptr<void> data() const {
    std::lock_guard guard{mutex_};
    return data_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<admission_layer_actor> actors_;
  std::shared_ptr<void> data_;
  std::atomic<bool> present_{false};
  bool closed_ = false;
};

/// What the actors of one supervisor share. The handles are set before the
/// first message and not changed; each actor lets go of the runtime when it
/// ends, so the runtime goes with the last of them and the last owner.
struct runtime : std::enable_shared_from_this<runtime> {
  runtime(caf::actor_system& sys, supervisor_config cfg,
          std::shared_ptr<event_publisher> pub)
    : system(sys),
      config(std::move(cfg)),
      publisher(std::move(pub)),
      gate(std::make_shared<command_gate>(config.command_queue_capacity)),
      pool(config.blocking_threads) {}

  std::int64_t now() const {
    return system.clock().now().time_since_epoch().count();
  }

  bool limited() const noexcept { return max_concurrent.load() != 0; }

  /// Asks the timers for `wake{key, slot}` to `who` at `due`.
  template <class Handle>
  void arm(std::int64_t due, std::uint64_t key, std::uint32_t slot,
           const Handle& who) const {
    post(timers, arm_timer{due, key, slot,
                           caf::actor_cast<caf::strong_actor_ptr>(who)});
  }

  void publish(event_kind kind) const {
    if (publisher->wanted()) {
      event x;
      x.kind = kind;
      publisher->publish(std::move(x));
    }
  }

  /// Right before the command becomes visible to the registry.
  void publish_add_requested(const new_task& x) const {
    publish(event_kind::task_add_requested, x.id, x.spec.name(), [](event&) {});
  }

  /// For whoever can wait, before it publishes; never the supervisor's actors.
  void await_room() const { publisher->await_room(); }

  /// Publishes about a task; `fill` completes the event if somebody listens.
  template <class Fill>
  void publish(event_kind kind, task_id id, const std::string& name,
               Fill fill) const {
    if (!publisher->wanted())
      return;
    auto x = about(kind, id, name);
    fill(x);
    publisher->publish(std::move(x));
  }

  template <class Fill>
  void publish(event_kind kind, const task_record& task, Fill fill) const {
    publish(kind, task.id, task.name, fill);
  }

  /// Changes what a task does and publishes it as one: who reads the state
  /// while nobody publishes knows which events led to it. Returns what
  /// `make(task_progress&)` does; false is no event.
  template <class Make, class Fill>
  bool change(event_kind kind, task_record& task, Make make, Fill fill) const {
    bool changed = false;
    auto quiet = task.status.with([&](task_progress& x) {
      // In here: who listens from now on finds the change made.
      if (publisher->wanted())
        return false;
      changed = make(x);
      return true;
    });
    if (quiet)
      return changed;
    auto told = about(kind, task.id, task.name);
    fill(told);
    publisher->publish(std::move(told), [&](event& e) {
      task.status.with([&](task_progress& x) {
        changed = make(x);
        e.state = x.state();
        e.attempt = x.attempt();
      });
      return changed;
    });
    return changed;
  }

  /// The same for a change that has no event of its own.
  template <class Make>
  bool change(task_record& task, Make make) const {
    return change(event_kind::task_state_changed, task, make, [](event&) {});
  }

  /// To whoever knows the id first.
  void send_stop(std::shared_ptr<stop_request> request) const {
    if (const auto* front = request->id ? layer.front() : nullptr)
      post(*front, stop_tasks{std::move(request)});
    else
      post(registry, stop_tasks{std::move(request)});
  }

  /// Counts how tasks ended. Only the registry writes.
  void count(outcome_kind kind) noexcept {
    ++counts[static_cast<std::size_t>(kind)];
  }

  static event about(event_kind kind, task_id id, const std::string& name) {
    event x;
    x.kind = kind;
    x.id = id;
    x.task = name;
    return x;
  }

  caf::actor_system& system;
  const supervisor_config config;
  const std::shared_ptr<event_publisher> publisher;
  const std::shared_ptr<command_gate> gate;
  blocking_pool pool;
  registry_actor registry;
  timers_actor timers;
  supervisor_actor supervisor;
  admission_layer layer;
  std::atomic<std::uint32_t> max_concurrent{0};
  /// Work that was accepted by a layer and is not over.
  std::atomic<std::uint64_t> holds{0};
  std::array<std::atomic<std::uint64_t>, 7> counts{};
  /// Everything is being stopped: single timers need not be given back.
  std::atomic<bool> draining{false};
  /// The shutdown is over; whether it left a task or subscriber running.
  std::atomic<bool> closed{false};
  std::atomic<bool> left_behind{false};
};

/// An admission that passes the gate into the registry.
template <class Admission, class Tasks>
auto make_admission(std::shared_ptr<runtime> env, Tasks tasks) {
  return make_gated<Admission>(
    [env = std::move(env)](std::shared_ptr<admission> x) {
      for (const auto& item : x->items)
        env->publish_add_requested(item);
      post(env->registry, add_tasks{std::move(x)});
    },
    [](admission& x, const caf::error& why) { x.decided(why); },
    std::move(tasks));
}

/// The supervision link: tells the supervisor how `child` ended.
template <class Handle>
void link_upward(const Handle& child, const supervisor_actor& parent,
                 std::string component) {
  auto up = caf::actor_cast<caf::weak_actor_ptr>(parent);
  child->attach_functor([up, component](const caf::error& reason) {
    if (auto to = up.lock())
      post(caf::actor_cast<supervisor_actor>(to),
           child_ended{component, reason});
  });
}

inline std::int64_t saturating_due(std::int64_t now, duration delay) noexcept {
  return saturating_add(duration{now}, delay).count();
}

} // namespace taskvisor::detail
