#pragma once

#include "taskvisor/controller/controller.hpp"
#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace taskvisor::test {

using testing::scripted_task;
using testing::step;
using testing::virtual_world;

/// A supervisor with a controller, on virtual time.
struct controller_world {
  explicit controller_world(controller_config config = {},
                            supervisor_config supervisor = {})
    : world(std::move(supervisor)), ctrl(attach(world, config)) {
    world.run();
  }

  /// Submits and gives the way to the outcome.
  watched_task watch(submission x) {
    auto result = world.wait(ctrl->submit_and_watch(std::move(x)));
    if (!result)
      throw std::invalid_argument{describe(result.error())};
    return std::move(*result);
  }

  /// The outcome, which must be there.
  outcome end_of(watched_task& x) { return *world.wait(x.ended); }

  bool ended(watched_task& x) {
    world.run();
    return x.ended.ready();
  }

  controller_snapshot slots() { return *world.wait(ctrl->snapshot()); }

  /// Shuts down; the actors that are left: 0 unless something leaks.
  std::size_t actors_left() {
    ctrl.reset();
    return world.actors_left();
  }

  virtual_world world;
  std::optional<controller> ctrl;

private:
  static controller attach(virtual_world& world, controller_config config) {
    auto result = controller::attach(world.handle(), config);
    if (!result)
      throw std::invalid_argument{describe(result.error())};
    return std::move(*result);
  }
};

/// A task that waits for `d` and then succeeds.
inline task_spec takes(std::string name, duration d) {
  return task_spec::once(std::move(name),
                         scripted_task{{{step::what::slow, d}}});
}

/// A task that ends when it is stopped.
inline task_spec hangs(std::string name) {
  return task_spec::once(std::move(name), scripted_task{{{step::what::hang}}});
}

/// A task that ignores its stop: the end of the grace destroys it.
inline task_spec deaf(std::string name) {
  return task_spec::once(std::move(name),
                         scripted_task{{{step::what::ignore_stop}}});
}

/// The kind of an outcome, or why it was rejected.
inline std::string kind_of(const outcome& x) {
  return std::string{x.kind == outcome_kind::rejected ? label(x.rejected)
                                                      : label(x.kind)};
}

/// What is promised of one slot must not depend on their number.
inline constexpr std::uint32_t shard_counts[] = {1, 4};

/// Every event of one id or of a slot's key, in order: `label`, with the reason
/// of a transition.
inline std::string story(controller_world& w, task_id id,
                         std::string_view slot) {
  std::string result;
  for (const auto& x : w.world.events().all()) {
    auto transition = x.kind == event_kind::controller_slot_transition;
    if (transition ? x.task != slot : x.id != id)
      continue;
    result += result.empty() ? "" : " ";
    result += transition ? x.reason : std::string{label(x.kind)};
  }
  return result;
}

/// Where the event of a kind and id stands; -1 if there is none.
inline std::ptrdiff_t place_of(controller_world& w, event_kind kind, task_id id,
                               std::string_view reason = {}) {
  auto all = w.world.events().all();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].kind == kind && all[i].id == id
        && (reason.empty() || all[i].reason == reason))
      return static_cast<std::ptrdiff_t>(i);
  return -1;
}

} // namespace taskvisor::test
