#include "support/sanitized.hpp"

#include "taskvisor/controller/controller.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

constexpr int storm_size = tv::test::sanitized ? 200'000 : 1'000'000;

tv::task_spec short_job(std::string name) {
  return tv::task_spec::once(
    std::move(name),
    [](tv::task_context& ctx) -> tv::attempt { co_await ctx.sleep_for(20ms); });
}

tv::task_spec endless(std::string name) {
  return tv::task_spec::once(
    std::move(name),
    [](tv::task_context& ctx) -> tv::attempt { co_await ctx.until_stopped(); });
}

/// How many ended how, and whether two ever were in one slot.
struct tally {
  static constexpr std::size_t slots = 1000;

  std::array<std::atomic<int>, slots> inside{};
  std::atomic<bool> overlapped{false};
  std::array<std::atomic<std::uint64_t>, 7> ends{};
  std::atomic<std::uint64_t> none{0};

  void count(tv::pending<tv::watched_task>& x) {
    auto task = x.get(100s);
    auto result = task ? task->ended.get(100s) : task.error();
    if (result)
      ++ends[static_cast<std::size_t>(result->kind)];
    else
      ++none;
  }

  std::uint64_t of(tv::outcome_kind kind) const {
    return ends[static_cast<std::size_t>(kind)];
  }
};

struct visit {
  visit(tally& t, std::size_t slot) : tally_(t), slot_(slot) {
    if (++tally_.inside[slot_] > 1)
      tally_.overlapped = true;
  }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  ~visit() { --tally_.inside[slot_]; }

  tally& tally_;
  std::size_t slot_;
};

tv::submission random_submission(tally& to, int producer, int number,
                                 std::mt19937& random) {
  auto slot = random() % tally::slots;
  auto chance = random() % 100;
  auto policy = chance < 90   ? tv::admission_policy::queue
                : chance < 94 ? tv::admission_policy::replace
                : chance < 97 ? tv::admission_policy::drop_if_running
                              : tv::admission_policy::keep_latest;
  auto name = std::to_string(producer) + "/" + std::to_string(number);
  auto run = [&to, slot](tv::task_context& ctx) -> tv::attempt {
    visit here{to, slot};
    co_await ctx.sleep_for(0s);
  };
  return tv::submission{policy, tv::task_spec::once(std::move(name), run)}
    .with_slot(std::to_string(slot));
}

void produce(const tv::controller& ctrl, tally& to, int producer, int count) {
  std::mt19937 random{static_cast<unsigned>(producer)};
  std::deque<tv::pending<tv::watched_task>> window;
  for (int i = 0; i < count; ++i) {
    window.push_back(
      ctrl.submit_and_watch(random_submission(to, producer, i, random)));
    if (window.size() < 5000)
      continue;
    to.count(window.front());
    window.pop_front();
  }
  for (auto& x : window)
    to.count(x);
}

} // namespace

BOOST_AUTO_TEST_CASE(run_goes_on_until_the_last_submission_is_over) {
  tv::supervisor sup;
  auto ctrl = *tv::controller::attach(sup);
  std::vector<tv::watched_task> watched;
  for (const auto* name : {"a", "b", "c"})
    watched.push_back(
      *ctrl
         .submit_and_watch(
           tv::submission::queue(short_job(name)).with_slot("s"))
         .get(10s));
  auto result = sup.run({});
  BOOST_TEST(!result.error);
  BOOST_TEST(result.count(tv::outcome_kind::completed) == 3u);
  for (auto& x : watched)
    BOOST_TEST(x.ended.get(1s)->is_success());
}

BOOST_AUTO_TEST_CASE(run_ends_by_itself_when_what_a_task_submitted_is_over) {
  tv::supervisor sup;
  auto ctrl = *tv::controller::attach(sup);
  auto starter =
    tv::task_spec::once("starter", [ctrl](tv::task_context&) -> tv::attempt {
      for (const auto* name : {"a", "b", "c"}) {
        auto wanted = tv::submission::queue(short_job(name)).with_slot("s");
        auto id = co_await ctrl.submit(wanted);
        if (!id)
          throw tv::fatal{"refused"};
      }
    });
  auto result = sup.run({starter});
  BOOST_TEST(!result.error);
  BOOST_TEST(result.count(tv::outcome_kind::completed) == 4u);
}

BOOST_AUTO_TEST_CASE(a_shutdown_from_elsewhere_ends_run_and_rejects_the_rest) {
  tv::supervisor sup;
  auto ctrl = *tv::controller::attach(sup);
  auto handle = *sup.serve();
  auto owner =
    *ctrl.submit_and_watch(tv::submission::queue(endless("a")).with_slot("s"))
       .get(10s);
  auto waits =
    *ctrl.submit_and_watch(tv::submission::queue(endless("b")).with_slot("s"))
       .get(10s);
  std::thread other{[&] { static_cast<void>(handle.shutdown().get(10s)); }};
  auto result = sup.run({});
  other.join();
  BOOST_TEST((owner.ended.get(1s)->kind == tv::outcome_kind::canceled));
  BOOST_TEST(
    (waits.ended.get(1s)->rejected == tv::rejection::controller_shutting_down));
}

BOOST_AUTO_TEST_CASE(the_last_owner_leaves_nobody_without_an_outcome) {
  std::vector<tv::watched_task> watched;
  {
    auto sup = std::make_unique<tv::supervisor>();
    auto ctrl =
      *tv::controller::attach(*sup, tv::controller_config{}.with_shards(2));
    sup.reset(); // the controller is an owner, too
    for (const auto* name : {"a", "b"})
      watched.push_back(
        *ctrl
           .submit_and_watch(
             tv::submission::queue(endless(name)).with_slot("s"))
           .get(10s));
    BOOST_TEST(ctrl.snapshot().get(10s)->slots.size() == 1u);
  }
  BOOST_TEST((watched[0].ended.get(1s)->kind == tv::outcome_kind::canceled));
  BOOST_TEST((watched[1].ended.get(1s)->rejected
              == tv::rejection::controller_shutting_down));
}

BOOST_AUTO_TEST_CASE(a_burst_completes_with_the_smallest_queues) {
  tv::supervisor sup{tv::supervisor_config{}.with_command_queue_capacity(1)};
  auto ctrl = *tv::controller::attach(
    sup, tv::controller_config{}.with_queue_capacity(1));
  std::vector<tv::pending<tv::watched_task>> burst;
  for (int i = 0; i < 6; ++i)
    burst.push_back(ctrl.submit_and_watch(
      tv::submission::queue(short_job(std::to_string(i)))));
  for (auto& x : burst)
    BOOST_TEST(x.get(10s)->ended.get(10s)->is_success());
}

BOOST_AUTO_TEST_CASE(a_storm_from_four_producers_has_one_outcome_each) {
  constexpr int producers = 4;
  auto counts = std::make_unique<tally>();
  tv::supervisor sup;
  auto ctrl = *tv::controller::attach(
    sup, tv::controller_config{}.with_max_slot_queue(1'000'000).with_shards(2));
  std::vector<std::thread> threads;
  for (int i = 0; i < producers; ++i)
    threads.emplace_back(
      [&, i] { produce(ctrl, *counts, i, storm_size / producers); });
  for (auto& x : threads)
    x.join();
  using enum tv::outcome_kind;
  BOOST_TEST(counts->none == 0u);
  BOOST_TEST(!counts->overlapped);
  BOOST_TEST(counts->of(completed) + counts->of(canceled) + counts->of(rejected)
             == static_cast<std::uint64_t>(storm_size));
  BOOST_TEST(counts->of(completed) > counts->of(rejected));
  BOOST_TEST(ctrl.snapshot().get(10s)->empty());
  BOOST_TEST(sup.serve()->shutdown().get(10s)->within_grace());
}
