#include "support/child_process.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>
#include <unistd.h>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::test::child_process;
using tv::test::process_end;

namespace {

using steady = std::chrono::steady_clock;

constexpr auto graceful_end = process_end{0, 0};
constexpr auto grace_missed = process_end{3, 0};

/// The grace of a program that is not given one is a minute: a test that ends
/// within the patience of `child_process` shows that nobody waited for it.
child_process program(std::string mode, std::vector<std::string> graces = {},
                      std::initializer_list<int> blocked = {}) {
  std::vector<std::string> arguments{TASKVISOR_PROGRAMS "/signal_program",
                                     std::move(mode)};
  arguments.insert(arguments.end(), graces.begin(), graces.end());
  return child_process{arguments, blocked};
}

std::size_t count_of(const child_process& x, std::string_view text) {
  std::size_t result = 0;
  for (const auto& line : x.lines())
    result += line.find(text) != std::string::npos ? 1 : 0;
  return result;
}

bool is_event(const std::string& line) {
  return line.starts_with("[");
}

/// The last event that it printed.
std::string last_event(const child_process& x) {
  auto last = std::find_if(x.lines().rbegin(), x.lines().rend(), is_event);
  return last == x.lines().rend() ? std::string{} : *last;
}

/// That `shutdown_requested` comes once and before whatever ends, and
/// `verdict` is the last event.
void check_order(const child_process& x, std::string_view verdict) {
  BOOST_TEST_CONTEXT(x.output()) {
    BOOST_TEST(count_of(x, "[shutdown_requested]") == 1u);
    BOOST_TEST(x.find("[shutdown_requested]") < x.find("[task_finished]"));
    BOOST_TEST(x.find("[shutdown_requested]") < x.find(verdict));
    BOOST_TEST(count_of(x, verdict) == 1u);
    BOOST_TEST(last_event(x).find(verdict) != std::string::npos);
  }
}

void check_graceful(child_process& x) {
  auto end = x.join();
  BOOST_TEST_CONTEXT(x.output()) {
    BOOST_TEST((end == graceful_end));
  }
  check_order(x, "[all_stopped_within_grace]");
}

/// Ends with 3; the verdict and the result name exactly `names`.
void check_missed(child_process& x, std::string_view names) {
  auto end = x.join();
  BOOST_TEST_CONTEXT(x.output()) {
    BOOST_TEST((end == grace_missed));
    BOOST_TEST(
      x.lines().back().ends_with("missed the grace: " + std::string{names}));
    BOOST_TEST(last_event(x).ends_with("] " + std::string{names}));
  }
  check_order(x, "[grace_exceeded]");
}

} // namespace

BOOST_AUTO_TEST_SUITE(signal_shutdown)

// -- one signal ---------------------------------------------------------------

BOOST_AUTO_TEST_CASE(sigterm_stops_every_task_and_the_exit_code_is_0) {
  auto sut = program("cooperative");
  sut.read_until("ready");
  sut.send(SIGTERM);
  check_graceful(sut);
  BOOST_TEST(count_of(sut, "outcome=outcome_canceled") == 3u);
}

BOOST_AUTO_TEST_CASE(sigint_stops_every_task_and_the_exit_code_is_0) {
  auto sut = program("cooperative");
  sut.read_until("ready");
  sut.send(SIGINT);
  check_graceful(sut);
  BOOST_TEST(count_of(sut, "outcome=outcome_canceled") == 3u);
}

BOOST_AUTO_TEST_CASE(sigquit_dumps_the_state_and_then_stops_every_task) {
  auto sut = program("cooperative");
  sut.read_until("ready");
  sut.send(SIGQUIT);
  check_graceful(sut);
  auto dump = sut.find("[state_dump]");
  BOOST_TEST_REQUIRE(dump < sut.lines().size(), sut.output());
  BOOST_TEST(dump < sut.find("[shutdown_requested]"));
  for (auto name :
       {"polite-1: running", "polite-2: running", "polite-3: running"})
    BOOST_TEST(sut.lines()[dump].find(name) != std::string::npos);
}

// -- more signals -------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_second_sigterm_does_not_cost_the_grace) {
  auto sut = program("lingering");
  sut.read_until("ready");
  sut.send(SIGTERM);
  sut.read_until("[shutdown_requested]");
  sut.send(SIGTERM);
  // Its dump says that the signals were seen, and who is waited for.
  sut.send(SIGQUIT);
  sut.read_until("[state_dump]");
  BOOST_TEST(sut.lines().back().find("lingerer") != std::string::npos);
  sut.send(SIGUSR1);
  check_graceful(sut);
}

BOOST_AUTO_TEST_CASE(an_interrupt_after_a_sigterm_does_not_cost_the_grace) {
  auto sut = program("lingering");
  sut.read_until("ready");
  sut.send(SIGTERM);
  sut.read_until("[shutdown_requested]");
  sut.send(SIGINT);
  sut.send(SIGQUIT);
  sut.read_until("[state_dump]");
  sut.send(SIGUSR1);
  check_graceful(sut);
}

BOOST_AUTO_TEST_CASE(a_second_sigint_aborts_at_once) {
  auto sut = program("ignoring");
  sut.read_until("ready");
  sut.send(SIGINT);
  sut.read_until("[task_removed] task=polite");
  sut.send(SIGINT);
  check_missed(sut, "stubborn");
  BOOST_TEST(sut.find("task=stubborn outcome=outcome_force_aborted")
             < sut.lines().size());
}

BOOST_AUTO_TEST_CASE(two_interrupts_at_once_do_not_lose_the_abort) {
  for (int i = 0; i < 5; ++i) {
    auto sut = program("ignoring+two_interrupts");
    BOOST_TEST((sut.join() == grace_missed), sut.output());
  }
}

BOOST_AUTO_TEST_CASE(a_third_sigint_ends_the_process_with_130) {
  auto sut = program("computing+stuck_subscriber");
  sut.read_until("ready");
  sut.send(SIGINT);
  sut.read_until("[shutdown_requested]");
  sut.send(SIGINT);
  sut.read_until("[grace_exceeded]");
  sut.send(SIGINT);
  auto end = sut.join();
  BOOST_TEST_CONTEXT(sut.output()) {
    BOOST_TEST((end == process_end{130, 0}));
    BOOST_TEST(count_of(sut, "ended:") == 0u);
  }
}

// -- the deadline -------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_task_that_ignores_its_stop_is_aborted_at_the_deadline) {
  auto sut = program("ignoring", {"1000"});
  sut.read_until("ready");
  auto begin = steady::now();
  sut.send(SIGTERM);
  check_missed(sut, "stubborn");
  BOOST_TEST((steady::now() - begin >= 1s));
  BOOST_TEST(sut.find("task=polite outcome=outcome_canceled")
             < sut.lines().size());
  BOOST_TEST(sut.find("task=stubborn outcome=outcome_force_aborted")
             < sut.lines().size());
}

BOOST_AUTO_TEST_CASE(a_task_that_never_awaits_is_left_behind_at_the_deadline) {
  auto sut = program("computing", {"1000"});
  sut.read_until("ready");
  auto begin = steady::now();
  sut.send(SIGTERM);
  check_missed(sut, "loop");
  BOOST_TEST((steady::now() - begin >= 1s));
  BOOST_TEST(sut.find("task=polite outcome=outcome_canceled")
             < sut.lines().size());
}

BOOST_AUTO_TEST_CASE(the_process_ends_although_tasks_hold_every_worker) {
  auto sut = program("holding", {"1000"});
  sut.read_until("ready");
  auto begin = steady::now();
  sut.send(SIGTERM);
  auto end = sut.join();
  BOOST_TEST_CONTEXT(sut.output()) {
    BOOST_TEST((end == grace_missed));
    BOOST_TEST((steady::now() - begin >= 1s));
    for (const auto& line : {last_event(sut), sut.lines().back()})
      for (auto name : {"hold-1", "hold-2"})
        BOOST_TEST(line.find(name) != std::string::npos);
  }
  check_order(sut, "[grace_exceeded]");
}

BOOST_AUTO_TEST_CASE(two_interrupts_end_a_process_whose_workers_are_held) {
  auto sut = program("holding");
  sut.read_until("ready");
  sut.send(SIGINT);
  sut.read_until("[shutdown_requested]");
  sut.send(SIGINT);
  BOOST_TEST((sut.join() == grace_missed), sut.output());
  check_order(sut, "[grace_exceeded]");
}

BOOST_AUTO_TEST_CASE(a_grace_of_nothing_aborts_at_once) {
  auto sut = program("ignoring", {"0"});
  sut.read_until("ready");
  sut.send(SIGTERM);
  BOOST_TEST((sut.join() == grace_missed), sut.output());
  check_order(sut, "[grace_exceeded]");
}

BOOST_AUTO_TEST_CASE(the_process_ends_although_a_subscriber_never_returns) {
  auto sut = program("cooperative+stuck_subscriber", {"60000", "300"});
  sut.read_until("ready");
  sut.send(SIGTERM);
  sut.read_until("[all_stopped_within_grace]");
  auto begin = steady::now();
  check_graceful(sut);
  BOOST_TEST((steady::now() - begin < 5s));
}

// -- early, late, blocked -----------------------------------------------------

BOOST_AUTO_TEST_CASE(a_signal_right_after_the_start_kills_or_stops_cleanly) {
  for (int i = 0; i < 10; ++i) {
    auto sut = program("cooperative");
    if (i % 2 != 0)
      sut.read_until("started");
    sut.send(SIGTERM);
    auto end = sut.join();
    BOOST_TEST_CONTEXT(sut.output()) {
      auto not_yet_taken = end == process_end{-1, SIGTERM};
      BOOST_TEST((not_yet_taken || end == graceful_end));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_signal_while_tasks_are_added_stops_cleanly) {
  for (auto line : {"[task_add_requested]", "[task_added]"}) {
    auto sut = program("cooperative");
    sut.read_until(line);
    sut.send(SIGTERM);
    check_graceful(sut);
  }
}

BOOST_AUTO_TEST_CASE(a_signal_that_waited_for_run_stops_it_cleanly) {
  // It overtakes the tasks of `run` in about every second round.
  for (int i = 0; i < 20; ++i) {
    auto sut = program("early", {}, {SIGTERM});
    auto end = sut.join();
    BOOST_TEST_CONTEXT(sut.output()) {
      BOOST_TEST((end == graceful_end));
      BOOST_TEST(count_of(sut, "[shutdown_requested]") == 1u);
      BOOST_TEST(last_event(sut).find("[all_stopped_within_grace]")
                 != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(signals_that_the_host_blocks_are_taken) {
  auto sut = program("cooperative", {}, {SIGINT, SIGTERM, SIGQUIT});
  sut.read_until("ready");
  sut.send(SIGTERM);
  check_graceful(sut);
}

BOOST_AUTO_TEST_CASE(a_flood_of_sigterm_during_the_shutdown_changes_nothing) {
  auto sut = program("lingering");
  sut.read_until("ready");
  for (int i = 0; i < 200; ++i)
    sut.send(SIGTERM);
  sut.read_until("[shutdown_requested]");
  for (int i = 0; i < 200; ++i)
    sut.send(SIGTERM);
  sut.send(SIGQUIT);
  sut.read_until("[state_dump]");
  sut.send(SIGUSR1);
  check_graceful(sut);
}

BOOST_AUTO_TEST_SUITE_END()
