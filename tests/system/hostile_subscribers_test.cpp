#include "support/sanitized.hpp"

#include "taskvisor/subscribers/subscriber.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t events_to_publish =
  tv::test::sanitized ? 40'000 : 1'000'000;
constexpr std::uint64_t publishers = 4;

/// Checks that what it sees has no gap and no duplicate.
struct ledger {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t out_of_order = 0;

  void note(const tv::event& x) {
    first = first == 0 ? x.seq : first;
    out_of_order += last != 0 && x.seq != last + 1;
    last = x.seq;
  }

  std::uint64_t count() const { return last - first + 1; }
};

struct stage {
  std::atomic<bool> released{false};
  ledger seen;
  tv::supervisor sup{tv::supervisor_config{}.with_worker_threads(2)};
  tv::supervisor_handle handle = *sup.serve();
  // The healthy one first: it sees what is told of the others.
  tv::subscription healthy =
    attach({.name = "healthy", .capacity = 200'000, .blocking = true},
           [this](const tv::event& x) { seen.note(x); });
  tv::subscription sleeps = attach(
    {.name = "sleeps"}, [](const auto&) { std::this_thread::sleep_for(1ms); });
  tv::subscription throws = attach({.name = "throws"}, [](const auto&) {
    throw std::runtime_error{"on purpose"};
  });
  tv::subscription stuck =
    attach({.name = "stuck", .capacity = 100, .blocking = true},
           [this](const auto&) { released.wait(false); });

  tv::subscription attach(tv::subscriber_options options,
                          tv::event_callback callback) {
    auto result =
      tv::attach_subscriber(sup.system(), sup.shared_events(),
                            std::move(options), std::move(callback));
    BOOST_TEST_REQUIRE(static_cast<bool>(result));
    return *result;
  }

  void publish_all() {
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < publishers; ++i)
      threads.emplace_back([this] {
        tv::event x;
        x.kind = tv::event_kind::task_added;
        for (std::uint64_t n = 0; n < events_to_publish / publishers; ++n) {
          sup.events().publish(x);
          // No faster than the healthy one can be: it is to see all.
          while (healthy.depth() > 50'000)
            std::this_thread::yield();
        }
      });
    for (auto& x : threads)
      x.join();
  }

  void release() {
    released = true;
    released.notify_all();
  }

  /// Nothing waits anywhere, so that nobody publishes any more.
  void wait_until_quiet() const {
    auto busy = [this] {
      auto all = {&healthy, &sleeps, &throws, &stuck};
      return std::any_of(all.begin(), all.end(), [this](const auto* x) {
        return x->depth() != 0
               || x->delivered() + x->lost() != healthy.delivered();
      });
    };
    while (busy())
      std::this_thread::sleep_for(1ms); // the test's timeout bounds it
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_healthy_subscriber_sees_all_beside_hostile_ones) {
  stage world;
  world.publish_all();
  BOOST_TEST(world.stuck.delivered() == 0u);
  BOOST_TEST(world.stuck.depth() == 100u);
  // The tasks of the supervisor do not notice.
  auto task =
    world.handle
      .add_and_watch(tv::task_spec::once("a", [](tv::task_context&) {}))
      .get(20s);
  BOOST_TEST_REQUIRE(static_cast<bool>(task));
  BOOST_TEST(task->ended.get(20s)->is_success());
  BOOST_TEST(world.stuck.delivered() == 0u);
  world.release();
  world.wait_until_quiet();
  // Every event once, in its order; and what the others did not get is counted
  // to the last one.
  auto published = world.seen.count();
  BOOST_TEST(world.seen.out_of_order == 0u);
  BOOST_TEST(published >= events_to_publish);
  BOOST_TEST(world.healthy.delivered() == published);
  BOOST_TEST(world.healthy.lost() == 0u);
  for (const auto* x : {&world.sleeps, &world.throws, &world.stuck}) {
    BOOST_TEST_CONTEXT(x->name()) {
      BOOST_TEST(x->lost() > 0u);
      BOOST_TEST(x->delivered() + x->lost() == published);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_subscription_may_outlive_its_supervisor) {
  for (auto blocking : {true, false}) {
    std::optional<tv::subscription> kept;
    {
      tv::supervisor sup;
      kept =
        *tv::attach_subscriber(sup.system(), sup.shared_events(),
                               {.blocking = blocking}, [](const tv::event&) {});
      sup.run({tv::task_spec::once("a", [](tv::task_context&) {})});
    } // waits for every thread: for ever, if one were kept
    BOOST_TEST(kept->delivered() > 0u);
    BOOST_TEST(!kept->detach());
  }
}

BOOST_AUTO_TEST_CASE(a_publisher_may_outlive_its_supervisor) {
  std::shared_ptr<tv::event_publisher> kept;
  {
    tv::supervisor sup;
    kept = sup.shared_events();
    auto attached = *tv::attach_subscriber(
      sup.system(), kept, {.blocking = true}, [](const tv::event&) {});
    sup.run({});
    auto late = tv::attach_subscriber(sup.system(), kept, {.blocking = true},
                                      [](const tv::event&) {});
    BOOST_TEST((tv::code_of(late.error()) == tv::errc::shutting_down));
  }
  BOOST_TEST(!kept->wanted());
}
