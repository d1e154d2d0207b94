/// What bare CAF does for a workload: no names, no registry, no policies, no
/// outcomes; an actor where taskvisor has a task.
#pragma once

#include "signals.hpp"
#include "workload.hpp"

#include "taskvisor/events/actors.hpp"
#include "taskvisor/supervisor/management.hpp"
#include "taskvisor/supervisor/system_config.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

namespace bench {

namespace tv = taskvisor;
using namespace std::chrono_literals;
// One spelling for both CAFs.
using tv::inspect;
using tv::detail::ask;
using tv::detail::post;

/// From an actor that stands for a task: it is over.
struct ended {
  std::uint64_t index = 0;

  static constexpr auto wire_name = "bench::ended";
  static constexpr auto wire_fields() {
    return std::tuple{tv::detail::wire_field{"index", &ended::index}};
  }
};

/// Do what you are there for.
struct go {
  std::uint64_t index = 0;

  static constexpr auto wire_name = "bench::go";
  static constexpr auto wire_fields() {
    return std::tuple{tv::detail::wire_field{"index", &go::index}};
  }
};

/// Send `go` to who asks.
struct call_back {
  caf::actor who;

  static constexpr auto wire_name = "bench::call_back";
  static constexpr auto wire_fields() {
    return std::tuple{tv::detail::wire_field{"who", &call_back::who}};
  }
};

} // namespace bench

CAF_BEGIN_TYPE_ID_BLOCK(bench_floor, caf::id_block::taskvisor_supervisor::end)
  CAF_ADD_TYPE_ID(bench_floor, (bench::ended))
  CAF_ADD_TYPE_ID(bench_floor, (bench::go))
  CAF_ADD_TYPE_ID(bench_floor, (bench::call_back))
CAF_END_TYPE_ID_BLOCK(bench_floor)

namespace bench {

/// Before the actor system, whose configuration it is.
struct floor_types {
  floor_types();
};

/// An actor system with the settings that taskvisor would choose.
struct world : private floor_types {
  explicit world(const options& opts);

  tv::system_config config;
  caf::actor_system system;
};

/// Counts `ended` messages.
class end_counter : public caf::event_based_actor {
public:
  end_counter(caf::actor_config& cfg, countdown& left)
    : caf::event_based_actor(cfg), left_(left) {}

  caf::behavior make_behavior() override {
    return {[this](const ended&) { left_.arrive(); }};
  }

private:
  countdown& left_;
};

/// Ends an actor that knows no end itself.
void kill(const caf::actor& who);

} // namespace bench
