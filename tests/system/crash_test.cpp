// An actor of the supervisor dies under `run`.
#include "support/look_inside.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

/// Kills one of the supervisor's actors from inside a task.
template <class Handle>
tv::run_result run_and_kill(Handle tv::test::inside::*victim) {
  tv::supervisor sup;
  auto assassin = [victim](tv::task_context& ctx) -> tv::attempt {
    tv::test::inside actors;
    co_await tv::test::look_inside{actors};
    caf::anon_send_exit(actors.*victim, caf::exit_reason::kill);
    co_await ctx.sleep_for(1h);
  };
  return sup.run({tv::task_spec::once("hangs",
                                      [](tv::task_context& ctx) -> tv::attempt {
                                        co_await ctx.until_stopped();
                                      }),
                  tv::task_spec::once("assassin", assassin)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_AUTO_TEST_CASE(run_returns_when_the_registry_dies) {
  auto result = run_and_kill(&tv::test::inside::registry);
  BOOST_TEST((tv::code_of(result.error) == tv::errc::runtime_failed));
  BOOST_TEST(
    tv::to_string(result).starts_with("runtime_failed: the registry ended: "));
  BOOST_TEST(result.exit_code() == 1);
}

BOOST_AUTO_TEST_CASE(run_returns_when_the_timers_die) {
  auto result = run_and_kill(&tv::test::inside::timers);
  BOOST_TEST(
    tv::to_string(result).starts_with("runtime_failed: the timers ended: "));
  BOOST_TEST(result.exit_code() == 1);
}

BOOST_AUTO_TEST_CASE(run_returns_when_the_supervisors_actor_dies) {
  auto result = run_and_kill(&tv::test::inside::supervisor);
  BOOST_TEST((tv::code_of(result.error) == tv::errc::shutting_down));
  BOOST_TEST(result.exit_code() != 0);
}

BOOST_AUTO_TEST_SUITE_END()
