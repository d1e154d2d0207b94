#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::restart_policy;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

const auto second = tv::backoff_policy::constant(1s);

tv::task_spec scripted(std::vector<step> steps, restart_policy restart) {
  return tv::task_spec{"t", scripted_task{std::move(steps)}}
    .with_restart(restart)
    .with_backoff(second);
}

/// One cell of policy x attempt result: the outcome after the first attempt,
/// or that there is a second one.
struct cell {
  const char* policy;
  restart_policy restart;
  does result;
  bool again;
  outcome_kind outcome;
};

std::ostream& operator<<(std::ostream& out, const cell& x) {
  return out << x.policy << " after result " << static_cast<int>(x.result);
}

const std::vector<cell> matrix{
  {"never", restart_policy::never, does::ok, false, outcome_kind::completed},
  {"never", restart_policy::never, does::fail, false, outcome_kind::failed},
  {"never", restart_policy::never, does::throw_error, false,
   outcome_kind::failed},
  {"never", restart_policy::never, does::fatal, false, outcome_kind::fatal},
  {"never", restart_policy::never, does::canceled, false,
   outcome_kind::canceled},
  {"on_failure", restart_policy::on_failure, does::ok, false,
   outcome_kind::completed},
  {"on_failure", restart_policy::on_failure, does::fail, true, {}},
  {"on_failure", restart_policy::on_failure, does::throw_error, true, {}},
  {"on_failure", restart_policy::on_failure, does::fatal, false,
   outcome_kind::fatal},
  {"on_failure", restart_policy::on_failure, does::canceled, false,
   outcome_kind::canceled},
  {"always", restart_policy::always(1s), does::ok, true, {}},
  {"always", restart_policy::always(1s), does::fail, true, {}},
  {"always", restart_policy::always(1s), does::throw_error, true, {}},
  {"always", restart_policy::always(1s), does::fatal, false,
   outcome_kind::fatal},
  {"always", restart_policy::always(1s), does::canceled, false,
   outcome_kind::canceled},
};

/// One cell of phase x cancellation.
struct stop_cell {
  const char* phase;
  std::vector<step> steps;
  restart_policy restart;
  outcome_kind outcome;
  const char* last_events;
};

std::ostream& operator<<(std::ostream& out, const stop_cell& x) {
  return out << "canceled while " << x.phase;
}

const std::vector<stop_cell> stops{
  {"running",
   {{does::slow, 1h}},
   restart_policy::never,
   outcome_kind::canceled,
   "task_remove_requested attempt_canceled task_finished task_removed"},
  {"running, answered with success",
   {{does::hang}},
   restart_policy::always,
   outcome_kind::canceled,
   "task_remove_requested attempt_succeeded task_finished task_removed"},
  {"running, ignored",
   {{does::ignore_stop}},
   restart_policy::never,
   outcome_kind::force_aborted,
   "task_remove_requested task_finished task_removed"},
  {"backing off",
   {{does::fail}},
   restart_policy::on_failure,
   outcome_kind::canceled,
   "task_remove_requested task_finished task_removed"},
  {"waiting for its interval",
   {{does::ok}},
   restart_policy::always(1h),
   outcome_kind::canceled,
   "task_remove_requested task_finished task_removed"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_DATA_TEST_CASE(each_policy_decides_on_each_result, data::make(matrix),
                     x) {
  virtual_world world;
  auto task = world.watch(scripted({{x.result}, {does::hang}}, x.restart));
  world.advance(1s);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting)
             == (x.again ? 2u : 1u));
  BOOST_TEST(task.ended.ready() == !x.again);
  if (!x.again)
    BOOST_TEST((world.wait(task.ended)->kind == x.outcome));
}

BOOST_DATA_TEST_CASE(a_cancel_ends_each_phase, data::make(stops), x) {
  virtual_world world;
  auto task = world.watch(scripted(x.steps, x.restart)
                            .with_backoff(tv::backoff_policy::constant(1h)));
  world.advance(1ms);
  auto done = world.handle().cancel("t");
  auto claimed = world.wait(done, 61s);
  BOOST_TEST(*claimed);
  BOOST_TEST((world.wait(task.ended)->kind == x.outcome));
  auto seen = world.events().sequence_of("t");
  BOOST_TEST(seen.ends_with(x.last_events), seen);
  BOOST_TEST(world.wait(world.handle().list())->empty());
}

BOOST_AUTO_TEST_CASE(a_failed_task_restarts_only_after_its_backoff) {
  virtual_world world;
  world.add(scripted({{does::fail}, {does::hang}}, restart_policy::on_failure)
              .with_backoff(tv::backoff_policy::constant(30s)));
  auto attempts = [&] {
    return world.events().count(tv::event_kind::attempt_starting);
  };
  world.advance(30s - 1ns);
  BOOST_TEST(attempts() == 1u);
  world.advance(1ns);
  BOOST_TEST(attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(events_of_a_retry_come_in_their_order) {
  virtual_world world;
  auto task = world.watch(
    scripted({{does::fail}, {does::ok}}, restart_policy::on_failure));
  BOOST_TEST(world.wait(task.ended, 1min)->is_success());
  BOOST_TEST(world.events().sequence_of("t")
             == "task_add_requested task_added attempt_starting attempt_failed "
                "backoff_scheduled attempt_starting attempt_succeeded "
                "task_finished task_removed");
}

BOOST_AUTO_TEST_CASE(a_used_up_budget_is_a_final_failure_that_says_so) {
  virtual_world world;
  auto task = world.watch(
    scripted({{does::fail}}, restart_policy::on_failure).with_max_retries(2));
  auto result = world.wait(task.ended, 1min);
  BOOST_TEST((result->kind == outcome_kind::failed));
  BOOST_TEST(result->reason == "2 of 2 retries used: scripted failure");
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 3u);
}

BOOST_AUTO_TEST_CASE(a_success_refills_the_budget) {
  // The seed's pattern F S F F S F F F with two retries ends at attempt 8.
  virtual_world world;
  const step f{does::fail}, s{does::ok};
  auto task =
    world.watch(scripted({f, s, f, f, s, f, f, f}, restart_policy::always(1s))
                  .with_max_retries(2));
  BOOST_TEST((world.wait(task.ended, 1min)->kind == outcome_kind::failed));
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 8u);
}

BOOST_AUTO_TEST_CASE(a_timeout_is_the_one_terminal_event_of_its_attempt) {
  virtual_world world;
  auto task = world.watch(
    scripted({{does::slow, 1h}}, restart_policy::never).with_timeout(10s));
  auto result = world.wait(task.ended, 1min);
  BOOST_TEST((world.elapsed() == 10s));
  BOOST_TEST(result->reason == "timed out after 10s");
  BOOST_TEST(world.events().sequence_of("t")
             == "task_add_requested task_added attempt_starting "
                "attempt_timed_out task_finished task_removed");
}

BOOST_AUTO_TEST_CASE(a_timeout_that_is_ignored_is_forced_after_the_grace) {
  virtual_world world{tv::supervisor_config{}.with_grace(5s)};
  auto task = world.watch(
    scripted({{does::ignore_stop}}, restart_policy::never).with_timeout(10s));
  auto result = world.wait(task.ended, 1min);
  BOOST_TEST((world.elapsed() == 15s));
  BOOST_TEST((result->kind == outcome_kind::failed));
  BOOST_TEST(result->reason == "timed out after 10s");
}

BOOST_AUTO_TEST_CASE(a_failure_keeps_its_exit_code_and_text) {
  virtual_world world;
  auto task = world.watch(tv::task_spec::once("t", [](tv::task_context&) {
    throw tv::fail{"no route"}.with_exit_code(75);
  }));
  auto result = world.wait(task.ended);
  BOOST_TEST(result->reason == "no route");
  BOOST_TEST(*result->exit_code == 75);
  auto finished = world.events().of(tv::event_kind::task_finished).front();
  BOOST_TEST(finished.reason == result->reason);
  BOOST_TEST(*finished.exit_code == 75);
}

BOOST_AUTO_TEST_CASE(a_strange_exception_is_a_failure_with_its_type) {
  virtual_world world;
  auto task = world.watch(tv::task_spec::once(
    "t", [](tv::task_context&) { throw std::out_of_range{"index 7"}; }));
  BOOST_TEST(world.wait(task.ended)->reason == "std::out_of_range: index 7");
  auto odd =
    world.watch(tv::task_spec::once("odd", [](tv::task_context&) { throw 7; }));
  BOOST_TEST(world.wait(odd.ended)->reason == "an exception of unknown type");
}

BOOST_AUTO_TEST_CASE(an_instant_success_runs_at_most_once_a_millisecond) {
  virtual_world world;
  world.add(scripted({{does::ok}}, restart_policy::always));
  world.advance(1s);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 1001u);
  BOOST_TEST(world.events().count(tv::event_kind::backoff_scheduled) == 0u);
}

BOOST_AUTO_TEST_CASE(the_supervisors_defaults_are_inherited) {
  auto config = tv::supervisor_config{}.with_defaults(
    {.restart = restart_policy::on_failure,
     .backoff = tv::backoff_policy::constant(7s),
     .timeout = 3s,
     .max_retries = 1});
  virtual_world world{config};
  auto task = world.watch(tv::task_spec{"t", scripted_task{{{does::hang}}}});
  auto result = world.wait(task.ended, 1h);
  // Two attempts of 3 s with 7 s between them.
  BOOST_TEST((world.elapsed() == 13s));
  BOOST_TEST(result->reason == "1 of 1 retries used: timed out after 3s");
}

BOOST_AUTO_TEST_CASE(permits_are_held_only_during_attempts_and_go_in_order) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(1)};
  for (auto name : {"a", "b", "c"})
    world.add(
      tv::task_spec::periodic(name, 10s, scripted_task{{{does::slow, 1s}}}));
  world.advance(29s);
  std::string order;
  for (const auto& x : world.events().of(tv::event_kind::attempt_starting))
    order += x.task;
  BOOST_TEST(order == "abcabcabc");
}

BOOST_AUTO_TEST_CASE(a_task_without_permit_is_canceled_without_an_attempt) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(1)};
  world.add(tv::task_spec::once("a", scripted_task{{{does::hang}}}));
  auto b = world.watch(tv::task_spec::once("b", scripted_task{{{does::ok}}}));
  world.run();
  auto tasks = world.wait(world.handle().list());
  BOOST_TEST((tasks->at(1).state == tv::task_state::waiting_for_permit));
  BOOST_TEST(*world.wait(world.handle().cancel("b")));
  BOOST_TEST((world.wait(b.ended)->kind == outcome_kind::canceled));
  BOOST_TEST(world.events().sequence_of("b").find("attempt")
             == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_larger_limit_lets_waiting_tasks_run) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(1)};
  for (auto name : {"a", "b", "c"})
    world.add(tv::task_spec::once(name, scripted_task{{{does::hang}}}));
  world.run();
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 1u);
  world.handle().set_max_concurrent(3);
  world.run();
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
