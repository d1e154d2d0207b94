#include "timer_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

using taskvisor::detail::key_map;
using taskvisor::detail::timer_queue;

namespace {

constexpr std::int64_t end_of_time = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t hour = 3'600'000'000'000;

using queue = timer_queue<char>;

/// The payloads that are due, in the order in which they fire.
std::string fired(queue& timers, std::int64_t now) {
  std::string result;
  timers.pop_due(now, [&](std::uint64_t, char x) { result += x; });
  return result;
}

/// What the queue promises, done the slow way.
class model {
public:
  bool arm(std::int64_t due, std::uint64_t key, int payload) {
    auto is_new = !disarm(key);
    by_key_[key] = by_due_.emplace(due, std::pair{key, payload});
    return is_new;
  }

  bool disarm(std::uint64_t key) {
    auto i = by_key_.find(key);
    if (i == by_key_.end())
      return false;
    by_due_.erase(i->second);
    by_key_.erase(i);
    return true;
  }

  std::pair<std::uint64_t, int> pop() {
    auto result = by_due_.begin()->second;
    disarm(result.first);
    return result;
  }

  std::optional<std::int64_t> next_due() const {
    if (by_due_.empty())
      return std::nullopt;
    return by_due_.begin()->first;
  }

  std::size_t size() const { return by_due_.size(); }

private:
  // Equal keys of a multimap keep their order of insertion.
  using entries = std::multimap<std::int64_t, std::pair<std::uint64_t, int>>;
  entries by_due_;
  std::map<std::uint64_t, entries::iterator> by_key_;
};

/// Random operations on both; `keys` and `span` set how often keys and
/// deadlines coincide.
void compare_with_model(std::uint64_t seed, std::uint64_t keys,
                        std::uint64_t span) {
  std::mt19937_64 random{seed};
  timer_queue<int> timers;
  model expected;
  std::int64_t now = 0;
  for (int i = 0; i < 100'000; ++i) {
    auto key = random() % keys << (seed % 50);
    auto action = random() % 100;
    if (action < 55) {
      auto due = now + static_cast<std::int64_t>(random() % span);
      BOOST_TEST_REQUIRE(timers.arm(due, key, i) == expected.arm(due, key, i));
    } else if (action < 95) {
      BOOST_TEST_REQUIRE(timers.disarm(key) == expected.disarm(key));
    } else {
      now += static_cast<std::int64_t>(random() % (span / 4 + 1));
      auto limit = action == 95 ? random() % 5 : SIZE_MAX;
      std::size_t count = 0;
      auto check = [&](std::uint64_t k, int payload) {
        BOOST_TEST_REQUIRE((expected.pop() == std::pair{k, payload}));
        ++count;
      };
      BOOST_TEST_REQUIRE(timers.pop_due(now, check, limit) == count);
      BOOST_TEST_REQUIRE(count <= limit);
      if (count < limit && expected.size() > 0)
        BOOST_TEST_REQUIRE(*expected.next_due() > now);
    }
    BOOST_TEST_REQUIRE(timers.size() == expected.size());
    BOOST_TEST_REQUIRE((timers.next_due() == expected.next_due()));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(timer_queue_test)

// -- order --------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(entries_fire_by_deadline_and_not_before_it) {
  queue timers;
  timers.arm(30, 1, 'c');
  timers.arm(10, 2, 'a');
  timers.arm(20, 3, 'b');
  BOOST_TEST(*timers.next_due() == 10);
  BOOST_TEST(fired(timers, 9) == "");
  BOOST_TEST(fired(timers, 20) == "ab");
  BOOST_TEST(*timers.next_due() == 30);
  BOOST_TEST(timers.size() == 1u);
  BOOST_TEST(fired(timers, end_of_time) == "c");
  BOOST_TEST(timers.empty());
  BOOST_TEST(!timers.next_due().has_value());
}

BOOST_AUTO_TEST_CASE(equal_deadlines_fire_in_the_order_of_arming) {
  queue timers;
  std::string expected;
  for (std::uint64_t i = 0; i < 100; ++i) {
    auto payload = static_cast<char>('!' + i % 90);
    timers.arm(5, 1000 - i, payload);
    if (i % 3 == 0)
      timers.disarm(1000 - i);
    else
      expected += payload;
  }
  BOOST_TEST(fired(timers, 5) == expected);
}

BOOST_AUTO_TEST_CASE(deadlines_at_both_ends_of_time_are_in_order) {
  queue timers;
  timers.arm(end_of_time, 1, 'c');
  timers.arm(0, 2, 'b');
  timers.arm(std::numeric_limits<std::int64_t>::min(), 3, 'a');
  BOOST_TEST(fired(timers, end_of_time - 1) == "ab");
  BOOST_TEST(fired(timers, end_of_time) == "c");
}

// -- disarming ----------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_disarmed_entry_does_not_fire) {
  queue timers;
  timers.arm(10, 1, 'a');
  timers.arm(20, 2, 'b');
  timers.arm(30, 3, 'c');
  BOOST_TEST(timers.disarm(2));
  BOOST_TEST(timers.size() == 2u);
  BOOST_TEST(fired(timers, end_of_time) == "ac");
}

BOOST_AUTO_TEST_CASE(disarming_says_exactly_whether_the_entry_was_pending) {
  queue timers;
  BOOST_TEST(!timers.disarm(1));
  timers.arm(10, 1, 'a');
  timers.arm(20, 2, 'b');
  BOOST_TEST(timers.disarm(2));
  BOOST_TEST(!timers.disarm(2));
  fired(timers, end_of_time);
  BOOST_TEST(!timers.disarm(1));
}

BOOST_AUTO_TEST_CASE(disarming_the_earliest_entry_moves_the_next_deadline) {
  queue timers;
  for (int i = 1; i <= 9; ++i)
    timers.arm(i * 10, static_cast<std::uint64_t>(i), 'x');
  timers.disarm(2);
  timers.disarm(3);
  timers.disarm(1);
  BOOST_TEST(*timers.next_due() == 40);
  for (std::uint64_t i = 4; i <= 9; ++i)
    timers.disarm(i);
  BOOST_TEST(!timers.next_due().has_value());
  BOOST_TEST(timers.empty());
}

BOOST_AUTO_TEST_CASE(a_key_can_be_used_again_after_it_was_disarmed) {
  queue timers;
  timers.arm(1, 7, 'x');
  timers.arm(10, 1, 'a');
  timers.arm(99, 8, 'y');
  timers.disarm(1);
  BOOST_TEST(timers.arm(20, 1, 'b'));
  BOOST_TEST(fired(timers, 15) == "x");
  BOOST_TEST(fired(timers, 20) == "b");
}

BOOST_AUTO_TEST_CASE(arming_a_pending_key_replaces_its_deadline) {
  queue timers;
  BOOST_TEST(timers.arm(10, 1, 'a'));
  BOOST_TEST(!timers.arm(30, 1, 'b'));
  BOOST_TEST(timers.size() == 1u);
  BOOST_TEST(*timers.next_due() == 30);
  BOOST_TEST(!timers.arm(20, 1, 'c'));
  BOOST_TEST(fired(timers, end_of_time) == "c");
}

BOOST_AUTO_TEST_CASE(disarming_and_replacing_free_the_payload_at_once) {
  timer_queue<std::shared_ptr<int>> timers;
  auto payload = std::make_shared<int>(1);
  timers.arm(5, 1, nullptr);
  timers.arm(10, 2, payload);
  timers.arm(20, 3, payload);
  timers.arm(30, 4, payload);
  timers.arm(40, 5, nullptr);
  BOOST_TEST(payload.use_count() == 4);
  timers.disarm(3);
  BOOST_TEST(payload.use_count() == 3);
  timers.arm(15, 4, nullptr);
  BOOST_TEST(payload.use_count() == 2);
  timers.pop_due(10, [](std::uint64_t, std::shared_ptr<int>&&) {});
  BOOST_TEST(payload.use_count() == 1);
}

// -- firing -------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_limit_leaves_the_rest_for_the_next_call) {
  queue timers;
  for (std::uint64_t i = 0; i < 5; ++i)
    timers.arm(10, i, static_cast<char>('a' + i));
  std::string result;
  auto append = [&](std::uint64_t, char x) { result += x; };
  BOOST_TEST(timers.pop_due(10, append, 0) == 0u);
  BOOST_TEST(timers.pop_due(10, append, 2) == 2u);
  BOOST_TEST(result == "ab");
  BOOST_TEST(*timers.next_due() == 10);
  BOOST_TEST(timers.pop_due(10, append) == 3u);
  BOOST_TEST(result == "abcde");
}

BOOST_AUTO_TEST_CASE(an_entry_that_arms_itself_again_cannot_trap_the_caller) {
  queue timers;
  timers.arm(10, 1, 'a');
  timers.arm(20, 2, 'b');
  int calls = 0;
  auto rearm = [&](std::uint64_t key, char x) {
    BOOST_TEST_REQUIRE(++calls < 100);
    timers.arm(30, key, x);
  };
  BOOST_TEST(timers.pop_due(100, rearm) == 2u);
  BOOST_TEST(timers.size() == 2u);
  BOOST_TEST(*timers.next_due() == 30);
}

BOOST_AUTO_TEST_CASE(an_entry_can_disarm_another_one_that_is_due) {
  queue timers;
  timers.arm(10, 1, 'a');
  timers.arm(10, 2, 'b');
  timers.arm(10, 3, 'c');
  std::string result;
  timers.pop_due(10, [&](std::uint64_t, char x) {
    result += x;
    timers.disarm(2);
  });
  BOOST_TEST(result == "ac");
}

BOOST_AUTO_TEST_CASE(a_fired_entry_is_gone_before_its_callback_throws) {
  queue timers;
  timers.arm(10, 1, 'a');
  timers.arm(20, 2, 'b');
  auto fail = [](std::uint64_t, char) { throw 42; };
  BOOST_CHECK_THROW(timers.pop_due(10, fail), int);
  BOOST_TEST(fired(timers, end_of_time) == "b");
}

// -- against a model ----------------------------------------------------------

BOOST_AUTO_TEST_CASE(it_behaves_like_a_multimap_under_random_operations) {
  compare_with_model(1, 50, 20);
  compare_with_model(2, 1'000, 10'000);
  compare_with_model(3, 100'000, 1'000'000'000);
  compare_with_model(48, 5'000, 3);
}

BOOST_AUTO_TEST_CASE(a_key_map_finds_what_a_map_finds) {
  std::mt19937_64 random{11};
  for (unsigned shift : {0u, 20u, 52u}) {
    key_map<int> keys;
    std::map<std::uint64_t, int> expected;
    for (int i = 0; i < 50'000; ++i) {
      auto key = random() % 700 << shift;
      auto old = expected.find(key);
      auto had = old != expected.end() ? old->second : -1;
      if (random() % 2 == 0) {
        BOOST_TEST_REQUIRE(keys.exchange(key, i).value_or(-1) == had);
        expected[key] = i;
      } else {
        BOOST_TEST_REQUIRE(keys.take(key).value_or(-1) == had);
        expected.erase(key);
      }
      if (i % 10'000 == 0)
        keys.shrink();
      BOOST_TEST_REQUIRE(keys.size() == expected.size());
    }
    for (const auto& [key, value] : expected)
      BOOST_TEST_REQUIRE(*keys.find(key) == value);
  }
}

// -- memory -------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_million_timeouts_that_are_disarmed_leave_memory_flat) {
  queue timers;
  timers.arm(1, 0, 'x');
  std::size_t peak = 0;
  for (std::uint64_t i = 1; i <= 1'000'000; ++i) {
    timers.arm(hour + static_cast<std::int64_t>(i), i, 'x');
    timers.disarm(i);
    peak = std::max(peak, timers.footprint());
  }
  BOOST_TEST(timers.size() == 1u);
  BOOST_TEST(peak < 2'000u);
}

BOOST_AUTO_TEST_CASE(timeouts_of_many_tasks_at_once_leave_memory_flat) {
  constexpr std::uint64_t tasks = 1'000;
  queue timers;
  std::size_t early = 0;
  std::size_t peak = 0;
  for (std::uint64_t i = 1; i <= 1'000'000; ++i) {
    timers.arm(hour + static_cast<std::int64_t>(i), i, 'x');
    if (i > tasks)
      timers.disarm(i - tasks);
    peak = std::max(peak, timers.footprint());
    if (i == 10 * tasks)
      early = peak;
  }
  BOOST_TEST(timers.size() == tasks);
  BOOST_TEST(peak == early);
  BOOST_TEST(peak < tasks * 200);
}

BOOST_AUTO_TEST_CASE(later_deadlines_first_leave_memory_flat_too) {
  queue timers;
  std::size_t peak = 0;
  timers.arm(0, 0, 'x');
  for (std::uint64_t i = 1; i <= 1'000'000; ++i) {
    timers.arm(2 * hour - static_cast<std::int64_t>(i), i, 'x');
    if (i > 10)
      timers.disarm(i - 10);
    peak = std::max(peak, timers.footprint());
  }
  BOOST_TEST(peak < 10'000u);
}

BOOST_AUTO_TEST_CASE(a_deadline_that_is_put_off_a_million_times_is_one_entry) {
  queue timers;
  timers.arm(0, 0, 'x');
  std::size_t peak = 0;
  for (std::int64_t i = 1; i <= 1'000'000; ++i) {
    timers.arm(hour + i, 1, 'x');
    peak = std::max(peak, timers.footprint());
  }
  BOOST_TEST(timers.size() == 2u);
  BOOST_TEST(peak < 10'000u);
}

BOOST_AUTO_TEST_CASE(the_memory_of_a_peak_is_given_back) {
  queue timers;
  for (std::uint64_t i = 0; i < 100'000; ++i)
    timers.arm(static_cast<std::int64_t>(i), i, 'x');
  auto peak = timers.footprint();
  fired(timers, 99'990);
  BOOST_TEST(timers.size() == 9u);
  BOOST_TEST(timers.footprint() < peak / 100);
  for (std::uint64_t i = 0; i < 100'000; ++i)
    timers.arm(hour, i, 'x');
  for (std::uint64_t i = 0; i < 99'990; ++i)
    timers.disarm(i);
  BOOST_TEST(timers.size() == 10u);
  BOOST_TEST(timers.footprint() < peak / 100);
  BOOST_TEST(fired(timers, hour) == "xxxxxxxxxx");
}

BOOST_AUTO_TEST_SUITE_END()
