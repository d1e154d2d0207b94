#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/scripted_task.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::outcome_kind;
using tv::restart_policy;
using tv::testing::scripted_task;
using tv::testing::step;
using tv::testing::virtual_world;

namespace {

using does = step::what;

constexpr int runs = 10'000;
constexpr auto attempt_time = 10s;
constexpr auto grace = 7s;

/// A task whose end the model can tell: one script, one moment of a cancel.
struct plan {
  std::vector<does> steps;
  bool retries;
  tv::duration backoff;
  tv::duration timeout; // 0 is none
  tv::duration cancel_at;
};

struct prediction {
  outcome_kind outcome;
  tv::duration end;
};

tv::duration units(std::mt19937& random, int from, int to) {
  return std::chrono::milliseconds{
    std::uniform_int_distribution{from, to}(random)};
}

plan draw(std::mt19937& random) {
  const std::vector<does> choices{does::ok,    does::fail,       does::fail,
                                  does::fatal, does::slow,       does::canceled,
                                  does::hang,  does::ignore_stop};
  plan result;
  auto pick = std::uniform_int_distribution<std::size_t>{0, choices.size() - 1};
  auto count = std::uniform_int_distribution<std::size_t>{1, 5}(random);
  for (std::size_t i = 0; i < count; ++i)
    result.steps.push_back(choices[pick(random)]);
  result.retries = random() % 4 != 0;
  result.backoff = units(random, 2, 9000);
  result.timeout = random() % 2 == 0 ? 0ms : units(random, 1, 20'000);
  result.cancel_at = units(random, 1, 60'000) + 1ns; // never a tie
  return result;
}

/// The reference: the loop of an attempt, written down as plain arithmetic.
prediction predict(const plan& x) {
  tv::duration now{0};
  for (std::size_t attempt = 1;; ++attempt) {
    auto what = x.steps[std::min(attempt, x.steps.size()) - 1];
    auto deadline = x.timeout == 0ms ? tv::duration::max() : now + x.timeout;
    auto finish = what == does::slow ? now + attempt_time : now;
    auto waits = what == does::hang || what == does::ignore_stop;
    auto natural = waits ? tv::duration::max() : finish;
    auto end = std::min({natural, deadline, x.cancel_at});
    bool failed = false;
    if (end == natural && (natural < deadline || natural == now)) {
      if (what == does::ok || what == does::slow)
        return {outcome_kind::completed, end};
      if (what == does::fatal)
        return {outcome_kind::fatal, end};
      if (what == does::canceled)
        return {outcome_kind::canceled, end};
      failed = true;
    } else if (end == x.cancel_at) {
      if (what == does::ignore_stop)
        return {outcome_kind::force_aborted, end + grace};
      return {outcome_kind::canceled, end};
    } else {
      failed = true;
      if (what == does::ignore_stop)
        end += grace; // unless the cancel comes meanwhile, see below
      if (what == does::ignore_stop && x.cancel_at < end)
        return {x.retries ? outcome_kind::canceled : outcome_kind::failed, end};
    }
    if (failed && !x.retries)
      return {outcome_kind::failed, end};
    auto next = end + x.backoff;
    if (x.cancel_at < next)
      return {outcome_kind::canceled, x.cancel_at};
    now = next;
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(random_schedules_end_as_the_model_says) {
  std::random_device device;
  auto seed = device();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  virtual_world world{tv::supervisor_config{}.with_grace(grace)};
  // Virtual time costs nothing: many at once, each under its own name.
  constexpr int at_once = 500;
  for (int round = 0; round < runs / at_once; ++round) {
    auto start = world.elapsed();
    std::vector<plan> plans;
    std::vector<tv::watched_task> tasks;
    std::multimap<tv::duration, int> cancels;
    for (int i = 0; i < at_once; ++i) {
      plans.push_back(draw(random));
      const auto& x = plans.back();
      std::vector<step> script;
      for (auto what : x.steps)
        script.push_back({what, attempt_time});
      tasks.push_back(world.watch(
        tv::task_spec{std::to_string(round) + "/" + std::to_string(i),
                      scripted_task{std::move(script)}}
          .with_restart(x.retries ? restart_policy::on_failure
                                  : restart_policy::never)
          .with_backoff(tv::backoff_policy::constant(x.backoff))
          .with_timeout(x.timeout)));
      cancels.emplace(x.cancel_at, i);
    }
    for (auto [when, i] : cancels) {
      world.advance(start + when - world.elapsed());
      static_cast<void>(world.wait(
        world.handle().remove(tasks[static_cast<std::size_t>(i)].id)));
    }
    world.advance(2 * grace);
    for (int i = 0; i < at_once; ++i) {
      const auto& x = plans[static_cast<std::size_t>(i)];
      auto& task = tasks[static_cast<std::size_t>(i)];
      auto expected = predict(x);
      BOOST_TEST_REQUIRE(task.ended.ready(),
                         "seed " << seed << ", run " << round << "/" << i);
      auto got = world.wait(task.ended);
      BOOST_TEST_REQUIRE((got->kind == expected.outcome),
                         "seed " << seed << ", run " << round << "/" << i
                                 << ": " << tv::to_string(*got)
                                 << " instead of "
                                 << tv::label(expected.outcome));
    }
    BOOST_TEST_REQUIRE(world.wait(world.handle().list())->empty());
  }
  auto finished = world.events().of(tv::event_kind::task_finished);
  BOOST_TEST(finished.size() == static_cast<std::size_t>(runs));
  BOOST_TEST(world.actors_left() == 0u);
}
