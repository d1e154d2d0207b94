#include "scripted_specs.hpp"

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::test::does;
using tv::test::hanging;
using tv::test::stubborn;
using tv::testing::scripted_task;
using tv::testing::virtual_world;

namespace {

struct refusal {
  const char* what;
  tv::task_spec spec;
  const char* text;
};

std::ostream& operator<<(std::ostream& out, const refusal& x) {
  return out << x.what;
}

const std::vector<refusal> refusals{
  {"empty name", hanging(""), "invalid_config: name = '': must not be empty"},
  {"negative timeout", hanging("t").with_timeout(-1s),
   "invalid_config: timeout = -1s: must not be negative"},
  {"no retries", hanging("t").with_max_retries(0),
   "invalid_config: max_retries = 0: must be at least 1; for no retry use "
   "restart_policy::never"},
  {"factor", hanging("t").with_backoff(tv::backoff_policy{}.with_factor(0.5)),
   "invalid_config: backoff.factor = 0.5: must be finite and at least 1"},
  {"first above max",
   hanging("t").with_backoff(tv::backoff_policy{}.with_first(40s)),
   "invalid_config: backoff.first = 40s: must not exceed backoff.max (30s)"},
  {"negative interval",
   hanging("t").with_restart(tv::restart_policy::always(-5s)),
   "invalid_config: restart.interval = -5s: must not be negative"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_DATA_TEST_CASE(bad_input_is_refused_before_anything_starts,
                     data::make(refusals), x) {
  virtual_world world;
  auto result = world.wait(world.handle().add(x.spec));
  BOOST_TEST(!result);
  BOOST_TEST(tv::describe(result.error()) == x.text);
  BOOST_TEST(world.events().all().empty());
  BOOST_TEST(world.wait(world.handle().list())->empty());
}

BOOST_AUTO_TEST_CASE(a_bad_configuration_is_refused_by_serve_and_run) {
  auto config = tv::supervisor_config{}.with_grace(-1s);
  tv::supervisor sup{config};
  BOOST_TEST(tv::describe(sup.serve().error())
             == "invalid_config: grace = -1s: must not be negative");
  auto result = sup.run({hanging("t")});
  BOOST_TEST(tv::describe(result.error)
             == "invalid_config: grace = -1s: must not be negative");
  BOOST_TEST(result.exit_code() == 2);
}

BOOST_AUTO_TEST_CASE(a_name_is_reserved_until_the_cleanup) {
  virtual_world world;
  auto first = world.watch(stubborn("t"));
  auto& handle = world.handle();
  auto second = world.wait(handle.add(hanging("t")));
  BOOST_TEST((tv::code_of(second.error()) == tv::errc::task_already_exists));
  BOOST_TEST(*world.wait(handle.remove("t")));
  // It is stopping: still registered.
  second = world.wait(handle.add(hanging("t")));
  BOOST_TEST((tv::code_of(second.error()) == tv::errc::task_already_exists));
  BOOST_TEST(!!world.wait(first.ended, 61s));
  second = world.wait(handle.add(hanging("t")));
  BOOST_TEST(!!second);
  BOOST_TEST(world.events().count(tv::event_kind::task_add_failed) == 2u);
}

BOOST_AUTO_TEST_CASE(exactly_one_of_many_claims_wins) {
  virtual_world world;
  auto id = world.add(hanging("t"));
  std::vector<tv::pending<bool>> claims;
  for (int i = 0; i < 32; ++i)
    claims.push_back(i % 2 == 0 ? world.handle().remove(id)
                                : world.handle().cancel(id));
  world.run();
  int won = 0;
  for (auto& x : claims)
    won += *world.wait(x) ? 1 : 0;
  BOOST_TEST(won == 1);
}

BOOST_AUTO_TEST_CASE(an_unknown_task_is_neither_removed_nor_canceled) {
  virtual_world world;
  BOOST_TEST(!*world.wait(world.handle().remove("nobody")));
  BOOST_TEST(!*world.wait(world.handle().cancel("nobody")));
  BOOST_TEST(world.events().all().empty());
}

BOOST_AUTO_TEST_CASE(a_cancel_with_a_limit_gives_up_but_the_stop_goes_on) {
  virtual_world world;
  auto task = world.watch(stubborn("t"));
  auto limited = world.handle().cancel_with_timeout("t", 5s);
  auto result = world.wait(limited, 1h);
  BOOST_TEST((world.elapsed() == 5s));
  BOOST_TEST((tv::code_of(result.error()) == tv::errc::termination_timeout));
  BOOST_TEST((world.wait(task.ended, 1h)->kind == outcome_kind::force_aborted));
  BOOST_TEST((world.elapsed() == 60s));
}

BOOST_AUTO_TEST_CASE(a_list_says_what_each_task_does) {
  virtual_world world;
  world.add(hanging("runs"));
  world.add(tv::task_spec::restartable("fails", scripted_task{{{does::fail}}})
              .with_backoff(tv::backoff_policy::constant(30s)));
  world.add(tv::task_spec::periodic("ticks", 10s, scripted_task{{{does::ok}}}));
  world.add(stubborn("stays"));
  static_cast<void>(world.wait(world.handle().remove("stays")));
  world.advance(4s);
  auto list = *world.wait(world.handle().list());
  BOOST_REQUIRE(list.size() == 4u);
  BOOST_TEST((list[0].state == tv::task_state::running));
  BOOST_TEST((list[1].state == tv::task_state::backing_off));
  BOOST_TEST((*list[1].remaining == 26s));
  BOOST_TEST(list[1].last_failure == "scripted failure");
  BOOST_TEST((list[2].state == tv::task_state::waiting_for_interval));
  BOOST_TEST((*list[2].remaining == 6s));
  BOOST_TEST((list[3].state == tv::task_state::stopping));
  BOOST_TEST((list[3].in_state == 4s));
}

BOOST_AUTO_TEST_CASE(a_shutdown_stops_all_and_says_who_missed_the_grace) {
  virtual_world world{tv::supervisor_config{}.with_grace(10s)};
  world.add(hanging("good"));
  world.add(stubborn("bad"));
  auto first = world.handle().shutdown();
  auto second = world.handle().shutdown();
  auto report = world.wait(first, 1h);
  BOOST_TEST((world.elapsed() == 10s));
  BOOST_TEST(report->aborted == std::vector<std::string>{"bad"});
  BOOST_TEST(report->left_behind.empty());
  BOOST_TEST(world.wait(second)->aborted == report->aborted);
  BOOST_TEST(world.events().count(tv::event_kind::shutdown_requested) == 1u);
  BOOST_TEST(
    (world.events().all().back().kind == tv::event_kind::grace_exceeded));
}

BOOST_AUTO_TEST_CASE(after_the_shutdown_every_operation_says_so) {
  virtual_world world;
  auto handle = world.handle();
  world.add(hanging("t"));
  BOOST_TEST(world.wait(handle.shutdown())->within_grace());
  BOOST_TEST((world.events().all().back().kind
              == tv::event_kind::all_stopped_within_grace));
  using tv::errc;
  auto code = [&](auto x) { return tv::code_of(world.wait(x).error()); };
  BOOST_TEST((code(handle.add(hanging("u"))) == errc::shutting_down));
  BOOST_TEST((code(handle.try_add(hanging("u"))) == errc::shutting_down));
  BOOST_TEST((code(handle.remove("t")) == errc::shutting_down));
  BOOST_TEST((code(handle.cancel("t")) == errc::shutting_down));
  BOOST_TEST(world.wait(handle.list())->empty());
  BOOST_TEST(world.wait(handle.shutdown())->within_grace());
}

BOOST_AUTO_TEST_CASE(nothing_restarts_during_a_shutdown) {
  virtual_world world;
  world.add(tv::task_spec::restartable("t", scripted_task{{{does::fail}}})
              .with_backoff(tv::backoff_policy::constant(1s)));
  world.advance(1ms);
  BOOST_TEST(world.wait(world.handle().shutdown())->within_grace());
  world.advance(1h);
  BOOST_TEST(world.events().count(tv::event_kind::attempt_starting) == 1u);
}

BOOST_AUTO_TEST_CASE(try_add_fails_when_the_command_queue_is_full) {
  virtual_world world{tv::supervisor_config{}.with_command_queue_capacity(1)};
  auto& handle = world.handle();
  auto first = handle.add(hanging("a"));
  auto refused = handle.try_add(hanging("b"));
  auto waits = handle.add(hanging("c"));
  BOOST_TEST(refused.ready());
  BOOST_TEST(
    (tv::code_of(refused.get().error()) == tv::errc::command_queue_full));
  BOOST_TEST(!!world.wait(first));
  BOOST_TEST(!!world.wait(waits));
}

BOOST_AUTO_TEST_CASE(a_killed_task_actor_still_gives_its_outcome) {
  virtual_world world;
  caf::actor self_of_task;
  auto task = world.watch(
    tv::task_spec::once("t", [&](tv::task_context& ctx) -> tv::attempt {
      auto peer =
        world.system().spawn([](caf::event_based_actor* self) -> caf::behavior {
          return {[self](int) {
            caf::anon_send_exit(
              caf::actor_cast<caf::actor>(self->current_sender()),
              caf::exit_reason::kill);
            return self->make_response_promise<int>();
          }};
        });
      (void)co_await ctx.request<int>(peer, 1);
    }));
  auto result = world.wait(task.ended, 1s);
  BOOST_TEST((result->kind == outcome_kind::crashed));
  BOOST_TEST(world.wait(world.handle().list())->empty());
  BOOST_TEST(!!world.wait(world.handle().add(hanging("t"))));
}

BOOST_AUTO_TEST_SUITE_END()
