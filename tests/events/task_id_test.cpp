#include "taskvisor/events/task_id.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <unordered_set>
#include <vector>

using namespace taskvisor;

BOOST_AUTO_TEST_SUITE(task_id_test)

BOOST_AUTO_TEST_CASE(ids_are_issued_once_and_in_order) {
  auto first = task_id::next();
  auto second = task_id::next();
  BOOST_CHECK(first);
  BOOST_CHECK(first < second);
  BOOST_CHECK(!task_id{});
  BOOST_CHECK(task_id{} < first);
}

BOOST_AUTO_TEST_CASE(threads_never_draw_the_same_id) {
  constexpr std::size_t each = 1'000;
  std::vector<std::vector<task_id>> drawn(4);
  std::vector<std::thread> threads;
  for (auto& mine : drawn)
    threads.emplace_back([&mine] {
      for (std::size_t i = 0; i < each; ++i)
        mine.push_back(task_id::next());
    });
  for (auto& x : threads)
    x.join();
  std::unordered_set<task_id> all;
  for (auto& mine : drawn)
    all.insert(mine.begin(), mine.end());
  BOOST_TEST(all.size() == 4 * each);
}

BOOST_AUTO_TEST_CASE(an_id_reads_as_a_number) {
  BOOST_TEST(to_string(task_id{}) == "#0");
  auto id = task_id::next();
  BOOST_TEST(to_string(id) == "#" + std::to_string(id.value()));
}

BOOST_AUTO_TEST_SUITE_END()
