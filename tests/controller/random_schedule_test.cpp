#include "controller_world.hpp"
#include "slot_model.hpp"
#include "support/sanitized.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

namespace {

constexpr auto grace = 2s;
constexpr auto none = slot_model::none;

/// What the bodies of one run tell: who started in which slot, and how many
/// were there at the same time.
struct diary {
  std::array<std::vector<std::size_t>, slot_model::slots> started;
  std::array<int, slot_model::slots> inside{};
  bool overlapped = false;
};

/// A body is inside as long as its frame lives.
struct presence {
  presence(std::shared_ptr<diary> d, std::size_t slot, std::size_t number)
    : diary_(std::move(d)), slot_(slot) {
    diary_->started[slot].push_back(number);
    diary_->overlapped |= ++diary_->inside[slot] > 1;
  }
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;
  ~presence() { --diary_->inside[slot_]; }

  std::shared_ptr<diary> diary_;
  std::size_t slot_;
};

coro<void> forever(task_context& ctx) {
  for (;;)
    co_await ctx.sleep_for(1h);
}

attempt play(task_context& ctx, std::shared_ptr<diary> log, std::size_t number,
             std::size_t slot, body does, duration takes) {
  presence here{std::move(log), slot, number};
  if (does == body::finishes)
    co_await ctx.sleep_for(takes);
  else if (does == body::hangs)
    co_await ctx.until_stopped();
  else {
    auto cleanup = forever(ctx);
    co_await ctx.shielded(std::move(cleanup));
  }
}

/// One random run of a controller and its model side by side.
class random_run {
public:
  explicit random_run(std::uint64_t seed)
    : random_(seed),
      limit_(pick(4)),
      batches_(pick(1) == 0),
      world_(controller_config{}.with_max_slot_queue(limit_).with_shards(
               batches_ ? 1 : 4),
             supervisor_config{}.with_grace(grace)),
      model_(limit_, grace) {
    world_.world.add(hangs("taken"));
  }

  void play() {
    auto length = 10 + pick(30);
    for (std::uint64_t i = 0; i < length; ++i)
      act();
    settle();
    if (pick(1) == 0)
      cancel_everything();
    shut_down();
    check_ends();
  }

private:
  std::uint64_t pick(std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>{0, most}(random_);
  }

  /// Any moment is unlikely to come twice.
  duration some_time() {
    return duration{1 + static_cast<duration::rep>(pick(1'000'000'000))};
  }

  std::string slot_name(std::size_t slot) {
    return "slot " + std::to_string(slot);
  }

  void act() {
    auto what = pick(99);
    if (what < 55)
      submit();
    else if (what < 65 && !ids_.empty())
      stop_by_id();
    else if (what < 70)
      cancel_slot(pick(slot_model::slots - 1));
    else if (what < 75)
      purge_slot(pick(slot_model::slots - 1));
    else
      advance();
    // Without batches everything is settled; with them commands pile up.
    if (!batches_ || pick(2) == 0)
      settle();
  }

  void submit() {
    model_task x{};
    x.policy = static_cast<admission_policy>(pick(3));
    auto kind = pick(9);
    x.does = kind < 6   ? body::finishes
             : kind < 8 ? body::hangs
             : kind < 9 ? body::ignores_stop
                        : body::name_taken;
    x.slot = pick(slot_model::slots - 1);
    x.takes = some_time();
    if (pick(4) == 0)
      x.max_wait = some_time();
    auto n = ids_.size();
    auto name = x.does == body::name_taken ? "taken" : std::to_string(n);
    auto spec =
      task_spec::once(name, [log = diary_, n, slot = x.slot, does = x.does,
                             takes = x.takes](task_context& ctx) {
        return ::play(ctx, log, n, slot, does, takes);
      });
    prepared_submission prepared{submission{x.policy, std::move(spec)}
                                   .with_slot(slot_name(x.slot))
                                   .with_max_wait(x.max_wait)};
    ids_.push_back(prepared.id());
    model_.submit(std::move(x));
    watched_.push_back(world_.ctrl->submit_and_watch(std::move(prepared)));
  }

  void stop_by_id() {
    auto n = pick(ids_.size() - 1);
    auto& handle = world_.world.handle();
    answers_.emplace_back(handle.remove(ids_[n]), model_.remove(n));
  }

  void cancel_slot(std::size_t slot) {
    auto owner = model_.owners[slot];
    slot_cleared expected;
    expected.purged = model_.lines[slot].size();
    if (auto stopped = model_.cancel(slot); stopped != none)
      expected.stopped = ids_[stopped];
    cleared_.push_back(
      {world_.ctrl->cancel_slot(slot_name(slot)), expected, owner});
  }

  void purge_slot(std::size_t slot) {
    slot_cleared expected;
    expected.purged = model_.purge(slot);
    cleared_.push_back(
      {world_.ctrl->purge_slot(slot_name(slot)), expected, none});
  }

  void advance() {
    settle();
    auto d = some_time();
    model_.advance(d);
    world_.world.advance(d);
    compare();
  }

  void settle() {
    model_.settle();
    world_.world.run();
    compare();
  }

  /// What is seen of the slots, and every answer that was to come.
  void compare() {
    auto seen = world_.slots();
    for (std::size_t slot = 0; slot < slot_model::slots; ++slot) {
      auto* view = seen.slot(slot_name(slot));
      auto owner = model_.owners[slot];
      BOOST_TEST_REQUIRE((view == nullptr) == (owner == none));
      if (view == nullptr)
        continue;
      BOOST_TEST_REQUIRE((view->owner == ids_[owner]));
      BOOST_TEST_REQUIRE(view->waiting == model_.lines[slot].size());
    }
    for (auto& [answer, expected] : std::exchange(answers_, {}))
      BOOST_TEST_REQUIRE(*world_.world.wait(answer) == expected);
    std::erase_if(cleared_, [&](auto& x) {
      auto over = x.owner == none || !model_.tasks[x.owner].end.empty();
      BOOST_TEST_REQUIRE(x.answer.ready() == over);
      if (over)
        BOOST_TEST_REQUIRE((*x.answer.get() == x.expected));
      return over;
    });
  }

  void cancel_everything() {
    for (std::size_t slot = 0; slot < slot_model::slots; ++slot)
      cancel_slot(slot);
    settle();
    model_.advance(grace);
    world_.world.advance(grace);
    compare();
    BOOST_TEST_REQUIRE(world_.slots().empty());
  }

  void shut_down() {
    model_.shut_down();
    auto ended = world_.world.handle().shutdown();
    model_.advance(grace + 1s);
    world_.world.advance(grace + 1s);
    BOOST_TEST_REQUIRE(ended.ready());
  }

  void check_ends() {
    for (std::size_t n = 0; n < ids_.size(); ++n) {
      auto& expected = model_.tasks[n];
      auto result = *world_.world.wait(world_.world.wait(watched_[n])->ended);
      BOOST_TEST_REQUIRE(kind_of(result) == expected.end);
      BOOST_TEST_REQUIRE((result.queued == expected.queued));
    }
    BOOST_TEST_REQUIRE(!diary_->overlapped);
    for (std::size_t slot = 0; slot < slot_model::slots; ++slot) {
      // Whoever started did so in the order in which the model let them.
      auto order = model_.history[slot].begin();
      for (auto n : diary_->started[slot]) {
        order = std::find(order, model_.history[slot].end(), n);
        BOOST_TEST_REQUIRE((order != model_.history[slot].end()));
      }
    }
    BOOST_TEST_REQUIRE(world_.actors_left() == 0u);
  }

  struct clearing {
    pending<slot_cleared> answer;
    slot_cleared expected;
    std::size_t owner;
  };

  std::mt19937_64 random_;
  std::size_t limit_;
  bool batches_;
  std::shared_ptr<diary> diary_ = std::make_shared<diary>();
  controller_world world_;
  slot_model model_;
  std::vector<task_id> ids_;
  std::vector<pending<watched_task>> watched_;
  std::vector<std::pair<pending<bool>, bool>> answers_;
  std::vector<clearing> cleared_;
};

constexpr std::uint64_t runs = sanitized ? 50 : 1250;

} // namespace

BOOST_AUTO_TEST_SUITE(random_schedule_test)

BOOST_DATA_TEST_CASE(random_runs_end_as_the_model_says,
                     boost::unit_test::data::xrange(std::uint64_t{8}), part) {
  for (auto seed = part * runs; seed < (part + 1) * runs; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      random_run{seed}.play();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
