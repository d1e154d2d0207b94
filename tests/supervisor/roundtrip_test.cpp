#include "support/roundtrip.hpp"

#include "support/task_infos.hpp"

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/management.hpp"
#include "taskvisor/supervisor/system_config.hpp"

#include <caf/event_based_actor.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

using test::type;

constexpr auto max_u32 = std::numeric_limits<std::uint32_t>::max();
constexpr auto max_u64 = std::numeric_limits<std::uint64_t>::max();

/// One message around an id: `stop_task` and the like.
template <class T>
  requires requires(T x) {
    { x.id } -> std::same_as<task_id&>;
    requires std::tuple_size_v<decltype(T::wire_fields())>
    == 1;
  }
std::vector<T> samples(type<T>) {
  return {T{task_id{}}, T{task_id::next()}};
}

std::vector<child_ended> samples(type<child_ended>) {
  return {{},
          {"registry", make_error(errc::shutting_down, "why")},
          {"timers", caf::make_error(caf::exit_reason::kill)}};
}

std::vector<disarm_timer> samples(type<disarm_timer>) {
  return {{0}, {max_u64}};
}

std::vector<os_signal> samples(type<os_signal>) {
  return {{0}, {std::numeric_limits<std::int32_t>::min()}};
}

std::vector<cancel_task> samples(type<cancel_task>) {
  return {{}, {task_id::next(), {}, 0ns}, {{}, "name", duration::max()}};
}

std::vector<remove_task> samples(type<remove_task>) {
  return {{task_id::next(), {}}, {{}, "name"}};
}

std::vector<resize_permits> samples(type<resize_permits>) {
  return {{0}, {max_u32}};
}

std::vector<set_concurrency> samples(type<set_concurrency>) {
  return {{0}, {max_u32}};
}

std::vector<shutdown_report> samples(type<shutdown_report>) {
  return {{}, {{"slow", "stuck"}, {test::full_info()}}};
}

std::vector<signal_arrived> samples(type<signal_arrived>) {
  return {{0}, {255}};
}

std::vector<task_ended> samples(type<task_ended>) {
  return {{},
          {task_id::next(),
           {outcome_kind::failed, {}, "no route", 75, duration::max()}}};
}

std::vector<task_outcome> samples(type<task_outcome>) {
  return {{}, {task_id::next(), {outcome_kind::fatal, {}, "why", -1, {}}}};
}

std::vector<tasks_drained> samples(type<tasks_drained>) {
  return {{}, {{"slow", "stuck"}, {test::full_info()}, false}};
}

std::vector<timer_tick> samples(type<timer_tick>) {
  return {{0}, {max_u64}};
}

std::vector<wake> samples(type<wake>) {
  return {{}, {max_u64, max_u32}};
}

struct fixture {
  system_config config;
  caf::actor_system system{config};
  caf::actor somebody = system.spawn(
    [](caf::event_based_actor*) { return caf::behavior{[](int) {}}; });

  ~fixture() { caf::anon_send_exit(somebody, caf::exit_reason::kill); }

  std::vector<arm_timer> samples_of(type<arm_timer>) const {
    auto who = caf::actor_cast<caf::strong_actor_ptr>(somebody);
    return {{}, {duration::max().count(), max_u64, max_u32, who}};
  }

  template <class T>
  std::vector<T> samples_of(type<T> x) const {
    return samples(x);
  }
};

/// Messages marked *local* carry closures and never leave the process.
template <class T>
constexpr bool is_local = caf::allowed_unsafe_message_type<T>::value;

} // namespace

BOOST_FIXTURE_TEST_SUITE(roundtrip_test, fixture)

BOOST_AUTO_TEST_CASE(every_message_that_is_not_local_survives_the_network) {
  // A type without samples does not compile: none of the block is left out.
  std::size_t local = 0;
  auto count = test::for_each_type<caf::id_block::taskvisor_supervisor>(
    [&]<class T>(type<T> x) {
      if constexpr (is_local<T>)
        ++local;
      else
        test::check_roundtrip(system, samples_of(x));
    });
  BOOST_TEST(count == 39u);
  BOOST_TEST(local == 9u);
}

BOOST_AUTO_TEST_SUITE_END()
