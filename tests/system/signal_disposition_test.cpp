#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

constexpr std::array<int, 3> taken{SIGINT, SIGTERM, SIGQUIT};

} // namespace

BOOST_AUTO_TEST_SUITE(signal_disposition)

namespace {

extern "C" void the_hosts_handler(int) {}

std::vector<struct sigaction> dispositions() {
  std::vector<struct sigaction> result(taken.size());
  for (std::size_t i = 0; i < taken.size(); ++i)
    ::sigaction(taken[i], nullptr, &result[i]);
  return result;
}

bool same(const struct sigaction& x, const struct sigaction& y) {
  // What glibc adds to each disposition that it sets.
  constexpr int restorer = 0x04000000;
  auto result = x.sa_handler == y.sa_handler
                && (x.sa_flags | restorer) == (y.sa_flags | restorer);
  for (auto number : taken)
    result =
      result
      && sigismember(&x.sa_mask, number) == sigismember(&y.sa_mask, number);
  return result;
}

bool same(const std::vector<struct sigaction>& x,
          const std::vector<struct sigaction>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const auto& a, const auto& b) { return same(a, b); });
}

/// Which of the three this thread blocks.
std::vector<bool> blocked() {
  sigset_t set;
  pthread_sigmask(SIG_SETMASK, nullptr, &set);
  std::vector<bool> result;
  for (auto number : taken)
    result.push_back(sigismember(&set, number) == 1);
  return result;
}

/// A host's own dispositions and mask, which are put back in the end.
class host_signals {
public:
  host_signals() : before_(dispositions()) {
    struct sigaction own = {};
    own.sa_handler = the_hosts_handler;
    own.sa_flags = SA_NODEFER;
    sigaddset(&own.sa_mask, SIGTERM);
    ::sigaction(SIGINT, &own, nullptr);
    ::signal(SIGQUIT, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGQUIT);
    pthread_sigmask(SIG_BLOCK, &set, &mask_);
  }

  host_signals(const host_signals&) = delete;
  host_signals& operator=(const host_signals&) = delete;

  ~host_signals() {
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    for (std::size_t i = 0; i < taken.size(); ++i)
      ::sigaction(taken[i], &before_[i], nullptr);
  }

private:
  std::vector<struct sigaction> before_;
  sigset_t mask_;
};

} // namespace

namespace {

// The thread sanitizer shows its own handlers as the dispositions.
#if defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

} // namespace

BOOST_AUTO_TEST_CASE(run_takes_the_signals_and_gives_them_back) {
  host_signals host;
  auto before = dispositions();
  auto mask = blocked();
  std::vector<struct sigaction> during;
  tv::supervisor sut;
  auto result = sut.run({tv::task_spec::once(
    "look", [&during](tv::task_context&) { during = dispositions(); })});
  BOOST_TEST(result.exit_code() == 0);
  BOOST_TEST_REQUIRE(during.size() == taken.size());
  for (std::size_t i = 0; i < taken.size(); ++i)
    BOOST_TEST(!same(during[i], before[i]));
  BOOST_TEST((sanitized || same(dispositions(), before)));
  BOOST_TEST(blocked() == mask, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(run_gives_the_signals_back_after_one_of_them) {
  host_signals host;
  auto before = dispositions();
  auto mask = blocked();
  tv::supervisor sut;
  auto result = sut.run(
    {tv::task_spec::once("raise", [](tv::task_context& ctx) -> tv::attempt {
      ::kill(::getpid(), SIGTERM);
      co_await ctx.sleep_for(1h);
    })});
  BOOST_TEST(result.exit_code() == 0);
  BOOST_TEST(result.count(tv::outcome_kind::canceled) == 1u);
  BOOST_TEST((sanitized || same(dispositions(), before)));
  BOOST_TEST(blocked() == mask, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_refused_run_leaves_the_signals_alone) {
  host_signals host;
  auto before = dispositions();
  tv::supervisor sut;
  auto result = sut.run({tv::task_spec::once("", [](tv::task_context&) {})});
  BOOST_TEST(result.exit_code() == 2);
  BOOST_TEST((sanitized || same(dispositions(), before)));
}

BOOST_AUTO_TEST_CASE(serve_takes_no_signal) {
  host_signals host;
  auto before = dispositions();
  auto mask = blocked();
  tv::supervisor sut;
  auto handle = sut.serve();
  BOOST_TEST_REQUIRE(!!handle);
  std::vector<struct sigaction> during;
  std::vector<bool> inside;
  auto task = handle
                ->add_and_watch(tv::task_spec::once("look",
                                                    [&](tv::task_context&) {
                                                      during = dispositions();
                                                      inside = blocked();
                                                    }))
                .get();
  BOOST_TEST_REQUIRE(!!task);
  BOOST_TEST_REQUIRE(!!task->ended.get());
  BOOST_TEST(same(during, before));
  BOOST_TEST((sanitized || same(dispositions(), before)));
  BOOST_TEST(blocked() == mask, boost::test_tools::per_element());
  BOOST_TEST(!!handle->shutdown().get());
  BOOST_TEST((sanitized || same(dispositions(), before)));
}

BOOST_AUTO_TEST_SUITE_END()
