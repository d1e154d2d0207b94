// What each option does, from the command line to the task.
#include "support/parsed_config.hpp"

#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using test::configured;
using tv::testing::manual_system;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

/// A task that inherits every policy.
tv::task_spec plain(std::string name, std::vector<step> steps) {
  return tv::task_spec{std::move(name), scripted_task{std::move(steps)}};
}

/// The pauses before the first three retries of a task that always fails.
std::vector<tv::duration> pauses(const test::arguments& args) {
  virtual_world world{configured(args)};
  world.add(plain("t", {{does::fail}}));
  world.advance(2min);
  std::vector<tv::duration> result;
  for (const auto& x : world.events().of(tv::event_kind::backoff_scheduled))
    if (result.size() < 3)
      result.push_back(*x.delay);
  return result;
}

using times = std::vector<tv::duration>;

const std::string backoff = "--taskvisor.defaults.backoff.";

} // namespace

BOOST_AUTO_TEST_SUITE(config_effect)

BOOST_AUTO_TEST_CASE(grace_limits_a_stop) {
  virtual_world world{configured({"--taskvisor.grace=2s"})};
  auto task = world.watch(plain("t", {{does::ignore_stop}}));
  auto start = world.elapsed();
  auto stopped = world.handle().cancel("t");
  BOOST_TEST(*world.wait(stopped, 1h));
  BOOST_TEST((world.elapsed() - start == 2s));
}

BOOST_AUTO_TEST_CASE(subscriber_grace_limits_the_end_of_a_shutdown) {
  manual_system world;
  tv::supervisor sup{world.actors(),
                     configured({"--taskvisor.subscriber-grace=3s",
                                 "--taskvisor.dedicated-threads=false"})};
  auto deaf = world.actors().spawn([]() -> caf::behavior {
    return {[](const tv::event&) {}, [](const tv::close_sink&) {}};
  });
  sup.events().attach("deaf", caf::actor_cast<caf::strong_actor_ptr>(deaf),
                      std::make_shared<tv::event_queue>(SIZE_MAX));
  auto ended = sup.serve()->shutdown();
  world.advance(3s - 1ns);
  BOOST_TEST(!ended.ready());
  world.advance(1ns);
  BOOST_TEST(ended.ready());
  world.advance(1h); // or a supervisor that does not end waits for ever
  caf::anon_send_exit(deaf, caf::exit_reason::kill);
}

BOOST_AUTO_TEST_CASE(max_concurrent_limits_running_attempts) {
  virtual_world world{configured({"--taskvisor.max-concurrent=1"})};
  world.add(plain("a", {{does::hang}}));
  world.add(plain("b", {{does::hang}}));
  auto tasks = world.wait(world.handle().list());
  BOOST_TEST((tasks->at(0).state == tv::task_state::running));
  BOOST_TEST((tasks->at(1).state == tv::task_state::waiting_for_permit));
}

BOOST_AUTO_TEST_CASE(command_queue_capacity_limits_waiting_commands) {
  virtual_world world{configured({"--taskvisor.command-queue-capacity=2"})};
  std::vector<tv::pending<tv::task_id>> added;
  for (auto name : {"a", "b", "c"})
    added.push_back(world.handle().try_add(plain(name, {{does::hang}})));
  BOOST_TEST(!!world.wait(added[1]));
  BOOST_TEST((tv::code_of(world.wait(added[2]).error())
              == tv::errc::command_queue_full));
}

BOOST_AUTO_TEST_CASE(worker_threads_are_those_of_the_owned_system) {
  tv::supervisor sup{configured({"--taskvisor.worker-threads=3"})};
  auto key = std::string{tv::detail::caf_prefix} + "scheduler.max-threads";
  BOOST_TEST(caf::get_or(sup.system().config(), key, std::size_t{0}) == 3u);
}

BOOST_AUTO_TEST_CASE(dedicated_threads_are_threads_for_control) {
  auto threads = [](const char* argument) {
    tv::supervisor sup{configured({argument})};
    auto handle = sup.serve();
    return sup.system().detached_actors();
  };
  BOOST_TEST(threads("--taskvisor.dedicated-threads=true")
             == threads("--taskvisor.dedicated-threads=false") + 3);
}

BOOST_AUTO_TEST_CASE(a_seed_repeats_the_jitter) {
  auto first = pauses({"--taskvisor.seed=5"});
  BOOST_TEST((pauses({"--taskvisor.seed=5"}) == first));
  BOOST_TEST((pauses({"--taskvisor.seed=6"}) != first));
}

BOOST_AUTO_TEST_CASE(restart_is_inherited) {
  virtual_world world{configured({"--taskvisor.defaults.restart=never"})};
  auto task = world.watch(plain("t", {{does::fail}}));
  BOOST_TEST((world.wait(task.ended)->kind == tv::outcome_kind::failed));
}

BOOST_AUTO_TEST_CASE(interval_is_inherited) {
  virtual_world world{configured({"--taskvisor.defaults.restart=always",
                                  "--taskvisor.defaults.interval=30s"})};
  world.add(plain("t", {{does::ok}}));
  world.advance(29s);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 1u);
  world.advance(1s);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 2u);
}

BOOST_AUTO_TEST_CASE(timeout_is_inherited) {
  virtual_world world{configured({"--taskvisor.defaults.timeout=10s"})};
  world.add(plain("t", {{does::hang}}));
  world.advance(10s - 1ns);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_timed_out) == 0u);
  world.advance(1ns);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_timed_out) == 1u);
}

BOOST_AUTO_TEST_CASE(max_retries_are_inherited) {
  virtual_world world{configured({"--taskvisor.defaults.max-retries=2"})};
  auto task = world.watch(plain("t", {{does::fail}}));
  auto result = world.wait(task.ended, 1h);
  BOOST_TEST((result->kind == tv::outcome_kind::failed));
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 3u);
}

BOOST_AUTO_TEST_CASE(backoff_is_inherited) {
  auto none = backoff + "jitter=none";
  auto first = backoff + "first=1s";
  BOOST_TEST((pauses({none}) == times{200ms, 400ms, 800ms}));
  BOOST_TEST((pauses({}) != times{200ms, 400ms, 800ms}));
  BOOST_TEST((pauses({none, first}) == times{1s, 2s, 4s}));
  BOOST_TEST((pauses({none, first, backoff + "max=3s"}) == times{1s, 2s, 3s}));
  BOOST_TEST(
    (pauses({none, first, backoff + "factor=3"}) == times{1s, 3s, 9s}));
  BOOST_TEST(
    (pauses({none, first, backoff + "floor=3s"}) == times{3s, 3s, 4s}));
}

BOOST_AUTO_TEST_SUITE_END()
