#include "taskvisor/supervisor/blocking.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::outcome_kind;

namespace {

constexpr int storm_threads = 8;
constexpr int storm_names = 100;
constexpr auto patience = 60s;

/// TASKVISOR_STORM_SECONDS makes the storm longer.
std::chrono::seconds storm_time() {
  const auto* text = std::getenv("TASKVISOR_STORM_SECONDS");
  return std::chrono::seconds{text == nullptr ? 2 : std::atoi(text)};
}

tv::attempt sleep_long(tv::task_context& ctx) {
  co_await ctx.sleep_for(1h);
}

tv::attempt sleep_short(tv::task_context& ctx) {
  co_await ctx.sleep_for(1ms);
}

tv::attempt fail_once(tv::task_context& ctx) {
  if (ctx.attempt() == 1)
    throw tv::fail{"first"};
  co_return;
}

tv::task_spec random_spec(std::string name, unsigned draw) {
  const auto soon = tv::backoff_policy::constant(1ms);
  switch (draw % 4) {
    case 0:
      return tv::task_spec::once(std::move(name), sleep_long);
    case 1:
      return tv::task_spec::periodic(std::move(name), 1ms, sleep_short);
    case 2:
      return tv::task_spec::restartable(std::move(name), fail_once)
        .with_backoff(soon);
    default:
      return tv::task_spec::once(
        std::move(name), tv::blocking([](const std::stop_token& stop) {
          std::mutex mutex;
          std::condition_variable_any never;
          std::unique_lock guard{mutex};
          never.wait(guard, stop, [] { return false; });
        }));
  }
}

/// What all threads of a storm know of each other.
class ledger {
public:
  void added(int name, tv::watched_task task) {
    std::lock_guard guard{mutex_};
    newest_[static_cast<std::size_t>(name)] = task.id;
    watched_.push_back(std::move(task));
  }

  tv::task_id newest(int name) {
    std::lock_guard guard{mutex_};
    return newest_[static_cast<std::size_t>(name)];
  }

  void claimed(tv::task_id id) {
    std::lock_guard guard{mutex_};
    ++claims_[id];
  }

  std::vector<tv::watched_task>& watched() { return watched_; }

  int most_claims() const {
    int result = 0;
    for (const auto& [id, count] : claims_)
      result = std::max(result, count);
    return result;
  }

private:
  std::mutex mutex_;
  std::array<tv::task_id, storm_names> newest_;
  std::vector<tv::watched_task> watched_;
  std::unordered_map<tv::task_id, int> claims_;
};

/// One random operation; false if its answer broke a promise.
bool act(const tv::supervisor_handle& handle, ledger& book,
         std::minstd_rand& random) {
  auto number = static_cast<int>(random() % storm_names);
  auto name = std::to_string(number);
  auto id = book.newest(number);
  auto note = [&](const caf::expected<bool>& claimed) {
    if (claimed && *claimed && id)
      book.claimed(id);
    return claimed
           || tv::code_of(claimed.error()) == tv::errc::termination_timeout;
  };
  switch (random() % 8) {
    case 0:
      return note(handle.remove(id).get(patience));
    case 1:
      return note(handle.cancel(id).get(patience));
    case 2:
      return note(handle.cancel_with_timeout(id, 1ms).get(patience));
    case 3:
      return !!handle.remove(name).get(patience);
    case 4:
      return !!handle.list().get(patience);
    default: {
      auto added =
        handle.add_and_watch(random_spec(name, static_cast<unsigned>(random())))
          .get(patience);
      if (added)
        book.added(number, std::move(*added));
      return added
             || tv::code_of(added.error()) == tv::errc::task_already_exists;
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(management_storm)

BOOST_AUTO_TEST_CASE(eight_threads_lose_no_outcome_and_share_no_claim) {
  tv::supervisor sup{tv::supervisor_config{}.with_grace(30s)};
  auto handle = *sup.serve();
  ledger book;
  std::atomic<int> broken{0};
  auto until = std::chrono::steady_clock::now() + storm_time();
  std::vector<std::thread> threads;
  for (unsigned i = 1; i <= storm_threads; ++i)
    threads.emplace_back([&, i] {
      std::minstd_rand random{i};
      while (std::chrono::steady_clock::now() < until)
        broken += act(handle, book, random) ? 0 : 1;
    });
  for (auto& x : threads)
    x.join();
  BOOST_TEST(broken == 0);
  auto report = handle.shutdown().get(patience);
  BOOST_TEST_REQUIRE(!!report);
  BOOST_TEST(report->within_grace());
  BOOST_TEST(book.watched().size() > 100u);
  std::size_t resolved = 0;
  for (auto& x : book.watched())
    resolved += x.ended.get(patience) ? 1u : 0u;
  BOOST_TEST(resolved == book.watched().size());
  BOOST_TEST(book.most_claims() == 1);
  BOOST_TEST(handle.list().get(patience)->empty());
  BOOST_TEST_MESSAGE(book.watched().size() << " tasks");
}

BOOST_AUTO_TEST_CASE(of_many_claims_of_one_task_exactly_one_wins) {
  constexpr int rounds = 300;
  tv::supervisor sup;
  auto handle = *sup.serve();
  std::atomic<int> winners{0};
  tv::task_id id;
  auto next = [&]() noexcept {
    if (auto added = handle.add(tv::task_spec::once("t", sleep_long)).get())
      id = *added;
  };
  next();
  std::barrier round{storm_threads, next};
  std::vector<std::thread> threads;
  for (int i = 0; i != storm_threads; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n != rounds; ++n) {
        // A cancel waits for the end, also where a remove has the claim.
        auto claimed = i % 2 == 0 ? handle.remove(id) : handle.cancel(id);
        auto late = handle.cancel(id);
        winners += *claimed.get(patience) ? 1 : 0;
        winners += *late.get(patience) ? 1 : 0;
        round.arrive_and_wait();
      }
    });
  for (auto& x : threads)
    x.join();
  BOOST_TEST(winners == rounds);
}

// The answer is there before the body waits for it, and the stop with it.
BOOST_AUTO_TEST_CASE(a_body_that_stops_itself_goes_no_further_than_its_await) {
  auto went_on = std::make_shared<std::atomic<int>>(0);
  auto stops_with = [went_on](auto stop) {
    return tv::task_spec::once(
      "t", [went_on, stop](tv::task_context& ctx) -> tv::attempt {
        auto answer = stop(ctx.id());
        while (!answer.ready())
          std::this_thread::yield();
        co_await answer;
        ++*went_on;
      });
  };
  tv::supervisor sup;
  auto handle = *sup.serve();
  auto cancel =
    stops_with([handle](tv::task_id id) { return handle.cancel(id); });
  auto canceled = *handle.add_and_watch(cancel).get(patience);
  BOOST_TEST((canceled.ended.get(patience)->kind == outcome_kind::canceled));
  auto shut_down =
    stops_with([handle](tv::task_id) { return handle.shutdown(); });
  auto stopped = *handle.add_and_watch(shut_down).get(patience);
  BOOST_TEST((stopped.ended.get(patience)->kind == outcome_kind::canceled));
  BOOST_TEST(*went_on == 0);
}

BOOST_AUTO_TEST_CASE(a_flood_of_questions_does_not_keep_a_task_from_starting) {
  constexpr std::size_t at_once = 100;
  tv::supervisor sup;
  auto handle = *sup.serve();
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      // There is always a question that waits for the registry.
      std::deque<tv::pending<std::vector<tv::task_info>>> asked;
      while (!over) {
        asked.push_back(handle.list());
        if (asked.size() < at_once)
          continue;
        static_cast<void>(asked.front().get());
        asked.pop_front();
      }
    });
  bool started = true;
  for (int i = 0; i < 100 && started; ++i) {
    auto task =
      handle.add_and_watch(tv::task_spec::once("t", sleep_short)).get(patience);
    started = task && task->ended.get(patience);
  }
  over = true;
  for (auto& x : threads)
    x.join();
  BOOST_TEST(started);
}

BOOST_AUTO_TEST_CASE(a_name_is_free_when_its_waiter_resolves) {
  tv::supervisor sup;
  auto handle = *sup.serve();
  int refused = 0;
  for (int i = 0; i != 3000; ++i) {
    auto task =
      handle.add_and_watch(tv::task_spec::once("t", sleep_short)).get(patience);
    if (!task) {
      ++refused;
      continue;
    }
    if (i % 2 == 0)
      static_cast<void>(handle.remove(task->id));
    BOOST_REQUIRE(task->ended.get(patience));
  }
  BOOST_TEST(refused == 0);
}

BOOST_AUTO_TEST_SUITE_END()
