// Restart policy x attempt result x phase of cancellation, every cell on
// virtual time against a reference that is written from the rules, not from
// the code; with exceptions, and the same without any.
#include "taskvisor/supervisor/droppable.hpp"
#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::restart_policy;
using tv::testing::virtual_world;

namespace {

// An attempt works for less than the millisecond of the hot-loop guard, so
// that there is a pause under `always` without an interval, too.
constexpr tv::duration work_time = 500us;
constexpr tv::duration guard_pause = 500us;
constexpr tv::duration interval = 20s;
constexpr tv::duration backoff = 30s;
constexpr tv::duration limit = 10s;
constexpr tv::duration grace = 7s;

struct policy_case {
  const char* name;
  restart_policy policy;
};

const std::vector<policy_case> policies{
  {"never", restart_policy::never},
  {"on_failure", restart_policy::on_failure},
  {"always", restart_policy::always},
  {"always(interval)", restart_policy::always(interval)},
};

/// What the first attempt does; every later one waits until it is stopped.
enum class does {
  ok,
  fail,
  throw_error,
  fatal,
  canceled,
  /// Sleeps into its timeout.
  timeout,
  /// Waits until it is stopped, without a timeout.
  hang,
  /// Ignores every stop, without and with a timeout.
  ignore_stop,
  ignore_timeout,
};

struct result_case {
  const char* name;
  does what;
  /// When the first attempt is over if nobody cancels it.
  std::optional<tv::duration> end;
};

const std::vector<result_case> results{
  {"ok", does::ok, work_time},
  {"fail", does::fail, work_time},
  {"throw", does::throw_error, work_time},
  {"fatal", does::fatal, work_time},
  {"canceled", does::canceled, work_time},
  {"timeout", does::timeout, limit},
  {"hang", does::hang, std::nullopt},
  {"ignored stop", does::ignore_stop, std::nullopt},
  {"ignored timeout", does::ignore_timeout, limit + grace},
};

enum class phase {
  not_canceled,
  before_the_start,
  during_the_attempt,
  in_the_pause,
  /// Also of the pause: then the second attempt runs.
  after_the_end,
};

struct phase_case {
  const char* name;
  phase when;
};

const std::vector<phase_case> phases{
  {"not canceled", phase::not_canceled},
  {"before the start", phase::before_the_start},
  {"during the attempt", phase::during_the_attempt},
  {"in the pause", phase::in_the_pause},
  {"after the end", phase::after_the_end},
};

std::ostream& operator<<(std::ostream& out, const policy_case& x) {
  return out << x.name;
}

std::ostream& operator<<(std::ostream& out, const result_case& x) {
  return out << x.name;
}

std::ostream& operator<<(std::ostream& out, const phase_case& x) {
  return out << x.name;
}

// -- the reference ------------------------------------------------------------

struct expectation {
  std::string events = "task_add_requested task_added";
  /// None: the task still runs.
  std::optional<outcome_kind> outcome;
  /// The cancel found a task to stop, and how long that took.
  bool claimed = false;
  tv::duration took{0};

  void see(std::string_view event) { (events += ' ') += event; }

  expectation end(outcome_kind how) && {
    see("task_finished");
    see("task_removed");
    outcome = how;
    return std::move(*this);
  }
};

enum class verdict { success, failure, fatal, canceled, aborted };

/// How the attempt's end is told, and what it counts as.
verdict end_of_attempt(expectation& x, does what, bool stopped) {
  switch (what) {
    case does::ok:
      x.see("attempt_succeeded");
      return verdict::success;
    case does::fail:
    case does::throw_error:
      x.see("attempt_failed");
      return verdict::failure;
    case does::fatal:
      x.see("attempt_failed");
      return verdict::fatal;
    case does::canceled:
    case does::hang:
      x.see("attempt_canceled");
      return verdict::canceled;
    case does::timeout:
      x.see(stopped ? "attempt_canceled" : "attempt_timed_out");
      return stopped ? verdict::canceled : verdict::failure;
    case does::ignore_stop:
    case does::ignore_timeout:
      if (stopped)
        return verdict::aborted; // destroyed before it can say anything
      x.see("attempt_timed_out");
      return verdict::failure;
  }
  throw std::logic_error{"no such result"};
}

/// The decision table: how the task ends, or none if it goes on.
std::optional<outcome_kind> decide(expectation& x, const restart_policy& policy,
                                   verdict result, bool stopped) {
  auto again = [&](bool announced) -> std::optional<outcome_kind> {
    if (announced)
      x.see("backoff_scheduled");
    if (stopped) // the pause ends at once
      return outcome_kind::canceled;
    return std::nullopt;
  };
  switch (result) {
    case verdict::success:
      if (policy.kind() == tv::restart_kind::always)
        return again(policy.interval().has_value());
      return stopped ? outcome_kind::canceled : outcome_kind::completed;
    case verdict::failure:
      if (policy.kind() == tv::restart_kind::never)
        return outcome_kind::failed;
      return again(true);
    case verdict::fatal:
      return outcome_kind::fatal;
    case verdict::canceled:
      return outcome_kind::canceled;
    case verdict::aborted:
      break;
  }
  return outcome_kind::force_aborted;
}

/// A cancel that comes while the first attempt runs.
expectation cancel_attempt(expectation x, const restart_policy& policy,
                           const result_case& result) {
  x.claimed = true;
  x.see("task_remove_requested");
  if (result.what == does::ignore_stop || result.what == does::ignore_timeout)
    x.took = grace;
  else if (result.end == work_time)
    x.took = work_time / 2; // the work is shielded
  auto how = end_of_attempt(x, result.what, true);
  return std::move(x).end(*decide(x, policy, how, true));
}

expectation expect(const restart_policy& policy, const result_case& result,
                   phase when) {
  expectation x;
  if (when == phase::before_the_start) {
    x.claimed = true;
    x.see("task_remove_requested");
    return std::move(x).end(outcome_kind::canceled);
  }
  x.see("attempt_starting");
  auto canceled = when != phase::not_canceled;
  if (when == phase::during_the_attempt || (canceled && !result.end))
    return cancel_attempt(std::move(x), policy, result);
  if (!result.end)
    return x;
  auto how = end_of_attempt(x, result.what, false);
  if (auto ended = decide(x, policy, how, false))
    return std::move(x).end(*ended); // what has ended cannot be canceled
  if (when != phase::in_the_pause)
    x.see("attempt_starting");
  if (!canceled)
    return x;
  x.claimed = true;
  x.see("task_remove_requested");
  if (when == phase::after_the_end)
    x.see("attempt_canceled");
  return std::move(x).end(outcome_kind::canceled);
}

// -- the real one -------------------------------------------------------------

tv::coro<> work(tv::task_context& ctx) {
  co_await ctx.sleep_for(work_time);
}

tv::coro<> endless(tv::task_context& ctx) {
  for (;;)
    co_await ctx.sleep_for(1h);
}

/// How errors leave the body, and stops come into it.
enum class style { exceptions, no_exceptions };

tv::attempt perform(tv::task_context& ctx, does what, style how) {
  if (ctx.attempt() > 1 || what == does::hang || what == does::timeout)
    co_await ctx.sleep_for(1000h);
  auto stubborn = what == does::ignore_stop || what == does::ignore_timeout;
  auto job = stubborn ? endless(ctx) : work(ctx);
  co_await ctx.shielded(std::move(job));
  if (how == style::no_exceptions) {
    if (what == does::fail)
      co_yield tv::fail{"failure"};
    if (what == does::fatal)
      co_yield tv::fatal{"fatality"};
    if (what == does::canceled)
      co_yield tv::canceled{};
  }
  switch (what) {
    case does::fail:
      throw tv::fail{"failure"};
    case does::throw_error:
      throw std::runtime_error{"error"};
    case does::fatal:
      throw tv::fatal{"fatality"};
    case does::canceled:
      throw tv::canceled{};
    default:
      break;
  }
}

tv::task_spec spec_of(const restart_policy& policy, does what, style how) {
  auto timed = what == does::timeout || what == does::ignore_timeout;
  auto body = [=](tv::task_context& ctx) { return perform(ctx, what, how); };
  return (how == style::exceptions ? tv::task_spec{"t", body}
                                   : tv::task_spec{"t", tv::droppable(body)})
    .with_restart(policy)
    .with_backoff(tv::backoff_policy::constant(backoff))
    .with_timeout(timed ? limit : 0s);
}

/// From the task's start to the cancel, or to where one looks without it.
tv::duration moment_of(const result_case& result, phase when) {
  auto end = result.end.value_or(0s);
  switch (when) {
    case phase::before_the_start:
      return 1s;
    case phase::during_the_attempt:
      return work_time / 2;
    case phase::in_the_pause:
      return end + guard_pause / 2;
    default:
      return end + backoff + limit / 2;
  }
}

void check_cell(const restart_policy& policy, const result_case& result,
                const phase_case& phase, style how) {
  auto expected = expect(policy, result, phase.when);
  virtual_world world{tv::supervisor_config{}.with_grace(grace)};
  if (phase.when == phase::before_the_start) {
    world.handle().set_max_concurrent(1);
    world.add(tv::task_spec::once("holds the permit",
                                  [](tv::task_context& ctx) -> tv::attempt {
                                    co_await ctx.until_stopped();
                                  }));
    world.run();
  }
  auto task = world.watch(spec_of(policy, result.what, how));
  world.advance(moment_of(result, phase.when));
  if (phase.when != phase::not_canceled) {
    auto start = world.elapsed();
    auto claimed = world.wait(world.handle().cancel("t"), 1h);
    BOOST_TEST(*claimed == expected.claimed);
    BOOST_TEST((world.elapsed() - start).count() == expected.took.count());
  }
  BOOST_TEST(world.events().sequence_of("t") == expected.events);
  BOOST_TEST_REQUIRE(task.ended.ready() == expected.outcome.has_value());
  if (expected.outcome)
    BOOST_TEST(tv::label(world.wait(task.ended)->kind)
               == tv::label(*expected.outcome));
  BOOST_TEST(world.actors_left() == 0u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancel_matrix)

BOOST_DATA_TEST_CASE(a_task_ends_as_the_rules_say,
                     data::make(policies) * data::make(results)
                       * data::make(phases),
                     policy, result, phase) {
  BOOST_TEST_CONTEXT("with exceptions")
  check_cell(policy.policy, result, phase, style::exceptions);
  BOOST_TEST_CONTEXT("without exceptions")
  check_cell(policy.policy, result, phase, style::no_exceptions);
}

BOOST_AUTO_TEST_SUITE_END()
