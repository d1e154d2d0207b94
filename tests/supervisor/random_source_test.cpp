#include "taskvisor/supervisor/random_source.hpp"

#include "scripted_random.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>

using namespace taskvisor;
using taskvisor::test::scripted_random;

BOOST_AUTO_TEST_SUITE(random_source_test)

BOOST_AUTO_TEST_CASE(splitmix64_gives_its_published_sequence) {
  splitmix64 random{1234567};
  BOOST_TEST(random.next() == 6457827717110365317u);
  BOOST_TEST(random.next() == 3203168211198807973u);
  BOOST_TEST(random.next() == 9817491932198370423u);
}

BOOST_AUTO_TEST_CASE(equal_seeds_give_equal_sequences_and_streams_differ) {
  splitmix64 a{7, 1};
  splitmix64 b{7, 1};
  splitmix64 other_stream{7, 2};
  splitmix64 other_seed{8, 1};
  int same_stream = 0;
  int same_seed = 0;
  for (int i = 0; i < 1000; ++i) {
    auto x = a.next();
    BOOST_TEST_REQUIRE(x == b.next());
    same_stream += x == other_stream.next() ? 1 : 0;
    same_seed += x == other_seed.next() ? 1 : 0;
  }
  BOOST_TEST(same_stream == 0);
  BOOST_TEST(same_seed == 0);
}

BOOST_AUTO_TEST_CASE(neighbouring_streams_do_not_draw_similar_first_numbers) {
  // What jitter needs: a thousand tasks that fail together must spread.
  std::array<int, 10> buckets{};
  for (std::uint64_t task = 0; task < 10'000; ++task) {
    splitmix64 random{1, task};
    ++buckets[uniform_up_to(random, 9)];
  }
  for (auto count : buckets)
    BOOST_TEST(std::abs(count - 1000) < 150);
}

BOOST_AUTO_TEST_CASE(
  a_uniform_number_reaches_both_ends_and_ends_for_any_source) {
  for (auto bound : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{6},
                     std::uint64_t{999'999}, std::uint64_t{1} << 63,
                     UINT64_MAX - 1, UINT64_MAX}) {
    scripted_random zeros{0};
    scripted_random ones{UINT64_MAX};
    BOOST_TEST(uniform_up_to(zeros, bound) == 0u);
    BOOST_TEST(uniform_up_to(ones, bound) == bound);
    BOOST_TEST(zeros.drawn() <= 2u);
    BOOST_TEST(ones.drawn() <= 2u);
  }
}

BOOST_AUTO_TEST_CASE(small_ranges_are_hit_evenly) {
  splitmix64 random{99};
  std::array<int, 7> hits{};
  for (int i = 0; i < 70'000; ++i)
    ++hits[uniform_up_to(random, 6)];
  for (auto count : hits)
    BOOST_TEST(std::abs(count - 10'000) < 500);
}

BOOST_AUTO_TEST_CASE(huge_ranges_have_no_bias) {
  // Of three quarters of all numbers, plain scaling hits every third one
  // twice as often as the others.
  splitmix64 random{5};
  auto bound = std::uint64_t{3} * (std::uint64_t{1} << 62) - 1;
  std::array<int, 3> hits{};
  for (int i = 0; i < 30'000; ++i) {
    auto x = uniform_up_to(random, bound);
    BOOST_TEST_REQUIRE(x <= bound);
    ++hits[x % 3];
  }
  for (auto count : hits)
    BOOST_TEST(std::abs(count - 10'000) < 500);
}

BOOST_AUTO_TEST_SUITE_END()
