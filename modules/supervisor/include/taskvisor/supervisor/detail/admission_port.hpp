/// The seam between a supervisor and a layer that admits work before its
/// registry: the controller.
#pragma once

#include "taskvisor/events/event_publisher.hpp"
#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/detail/requests.hpp"
#include "taskvisor/supervisor/task_spec.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace taskvisor {

class supervisor;
class supervisor_handle;

} // namespace taskvisor

namespace taskvisor::detail {

struct runtime;

/// While one lives, `run` does not end by itself: work was accepted that the
/// registry does not know yet.
class work_hold {
public:
  work_hold() noexcept = default;
  explicit work_hold(std::shared_ptr<runtime> env) noexcept;
  work_hold(work_hold&&) noexcept = default;
  work_hold& operator=(work_hold&& other) noexcept {
    std::swap(env_, other.env_);
    return *this;
  }
  ~work_hold();

private:
  std::shared_ptr<runtime> env_;
};

/// What a layer needs of its supervisor and tells it. Cheap to copy; any
/// thread. It does not own the supervisor: whoever hands out the layer's
/// operations holds a `supervisor_handle` beside it.
class admission_port {
public:
  explicit admission_port(std::shared_ptr<runtime> env)
    : env_(std::move(env)) {}

  static admission_port of(const supervisor_handle& handle);

  caf::actor_system& system() const;
  event_publisher& events() const;
  bool dedicated_threads() const;
  duration grace() const;

  /// Runs `start` with the termination signals blocked on this thread, for
  /// actors with threads of their own.
  void without_signals(const std::function<void()>& start) const;

  /// Nanoseconds of the actor clock.
  std::int64_t now() const;

  /// Hands a task to the registry; never refused for lack of room (D-7).
  /// `decided` gets the decision once, `watcher` the outcome once, for a
  /// refused task right before. Both are called on the registry's thread.
  /// After the shutdown began the decision is `shutting_down`.
  void add(task_id id, task_spec spec, outcome_sink watcher,
           decision_sink decided) const;

  /// Straight to the registry.
  void stop(std::shared_ptr<stop_request> request) const;

  work_hold hold() const { return work_hold{env_}; }

  /// Asks the supervisor's timers for `wake{key, slot}` after `delay`.
  void arm(duration delay, std::uint64_t key, std::uint32_t slot,
           const caf::strong_actor_ptr& who) const;
  void disarm(std::uint64_t key) const;

  /// Timer keys are unique in a supervisor: where those of this layer's actor
  /// with this index begin.
  static constexpr std::uint64_t first_key(std::uint32_t index) noexcept {
    return (std::uint64_t{5} << 61) | (std::uint64_t{index} << 40);
  }

  /// Puts the layer in, once: stops by id go to its first actor from now on,
  /// and the shutdown ends each with `close_layer`. `data` is the layer's own,
  /// for `layer_data`. False if there is one, or the shutdown has begun.
  bool set_layer(std::vector<admission_layer_actor> actors,
                 std::shared_ptr<void> data) const;

  /// Empty without a layer.
  std::shared_ptr<void> layer_data() const;

private:
  std::shared_ptr<runtime> env_;
};

} // namespace taskvisor::detail
