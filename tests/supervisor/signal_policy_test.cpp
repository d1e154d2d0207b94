#include "signal_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace taskvisor::detail;

namespace {

/// One letter a signal: Interrupt, Terminate, Quit.
stop_signal signal_of(char letter) {
  switch (letter) {
    case 'I':
      return stop_signal::interrupt;
    case 'T':
      return stop_signal::terminate;
    default:
      return stop_signal::quit;
  }
}

/// One letter an action: nothing (-), shutdown, dump, abort, exit.
char letter_of(signal_action action) {
  switch (action) {
    case signal_action::none:
      return '-';
    case signal_action::request_shutdown:
      return 's';
    case signal_action::dump_then_shutdown:
      return 'd';
    case signal_action::abort_now:
      return 'a';
    case signal_action::exit_130:
      return 'x';
  }
  return '?';
}

std::string actions_for(std::string_view signals) {
  signal_policy policy;
  std::string result;
  for (auto letter : signals)
    result += letter_of(policy.on_signal(signal_of(letter)));
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signal_policy_test)

BOOST_AUTO_TEST_CASE(terminate_requests_shutdown_once_however_often_it_comes) {
  BOOST_TEST(actions_for("T") == "s");
  BOOST_TEST(actions_for("TTTTT") == "s----");
}

BOOST_AUTO_TEST_CASE(interrupts_escalate_from_shutdown_to_abort_to_exit) {
  BOOST_TEST(actions_for("I") == "s");
  BOOST_TEST(actions_for("II") == "sa");
  BOOST_TEST(actions_for("III") == "sax");
  BOOST_TEST(actions_for("IIIII") == "saxxx");
}

BOOST_AUTO_TEST_CASE(quit_dumps_each_time_and_never_escalates) {
  BOOST_TEST(actions_for("Q") == "d");
  BOOST_TEST(actions_for("QQQ") == "ddd");
}

BOOST_AUTO_TEST_CASE(one_interrupt_never_aborts_whatever_came_before) {
  BOOST_TEST(actions_for("TI") == "s-");
  BOOST_TEST(actions_for("TTTI") == "s---");
  BOOST_TEST(actions_for("QI") == "d-");
  BOOST_TEST(actions_for("QTQI") == "d-d-");
}

BOOST_AUTO_TEST_CASE(the_second_interrupt_aborts_whatever_came_before) {
  BOOST_TEST(actions_for("TII") == "s-a");
  BOOST_TEST(actions_for("QII") == "d-a");
  BOOST_TEST(actions_for("ITI") == "s-a");
  BOOST_TEST(actions_for("ITQTI") == "s-d-a");
}

BOOST_AUTO_TEST_CASE(other_signals_do_not_reset_the_escalation) {
  BOOST_TEST(actions_for("IITI") == "sa-x");
  BOOST_TEST(actions_for("IIQI") == "sadx");
  BOOST_TEST(actions_for("IIITQI") == "sax-dx");
}

BOOST_AUTO_TEST_CASE(three_hundred_interrupts_do_not_wrap_around) {
  auto actions = actions_for(std::string(300, 'I'));
  BOOST_TEST(actions == "sa" + std::string(298, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()
