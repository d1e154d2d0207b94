#include "support/parsed_config.hpp"

#include "taskvisor/supervisor/blocking.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

/// The most blocking functions that ran at the same time, of four.
int most_at_a_time(const char* argument) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  auto job = [&](std::stop_token) {
    auto now = ++running;
    for (auto seen = most.load(); seen < now;)
      most.compare_exchange_weak(seen, now);
    // Long enough for every other job that has a thread to come in.
    std::this_thread::sleep_for(200ms);
    --running;
  };
  tv::supervisor sup{test::configured({argument})};
  auto result = sup.run({tv::task_spec::once("a", tv::blocking(job)),
                         tv::task_spec::once("b", tv::blocking(job)),
                         tv::task_spec::once("c", tv::blocking(job)),
                         tv::task_spec::once("d", tv::blocking(job))});
  BOOST_TEST(result.count(tv::outcome_kind::completed) == 4u);
  return most;
}

} // namespace

BOOST_AUTO_TEST_SUITE(blocking_threads)

BOOST_AUTO_TEST_CASE(blocking_threads_limit_functions_that_run_at_a_time) {
  BOOST_TEST(most_at_a_time("--taskvisor.blocking-threads=1") == 1);
  BOOST_TEST(most_at_a_time("--taskvisor.blocking-threads=2") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
