#include "taskvisor/subscribers/filters.hpp"

#include "glob.hpp"

#include <boost/test/unit_test.hpp>

using namespace taskvisor;
using detail::glob_matches;

namespace {

event about(event_kind kind, std::string name = {}) {
  event x;
  x.kind = kind;
  x.task = std::move(name);
  return x;
}

const auto never = [](const event&) { return false; };
const auto always = [](const event&) { return true; };

} // namespace

BOOST_AUTO_TEST_SUITE(filters_test)

BOOST_AUTO_TEST_CASE(a_pattern_matches_the_whole_name) {
  BOOST_TEST(glob_matches("", ""));
  BOOST_TEST(!glob_matches("", "a"));
  BOOST_TEST(glob_matches("fetch", "fetch"));
  BOOST_TEST(!glob_matches("fetch", "fetch-1"));
  BOOST_TEST(!glob_matches("fetch", "prefetch"));
}

BOOST_AUTO_TEST_CASE(a_star_stands_for_any_text) {
  for (auto text : {"", "a", "anything at all"})
    BOOST_TEST(glob_matches("*", text));
  BOOST_TEST(glob_matches("fetch-*", "fetch-"));
  BOOST_TEST(glob_matches("fetch-*", "fetch-17"));
  BOOST_TEST(!glob_matches("fetch-*", "fetch"));
  BOOST_TEST(glob_matches("*-a-*-b", "x-a-y-a-z-b"));
  BOOST_TEST(!glob_matches("*-a-*-b", "x-a-b"));
  BOOST_TEST(glob_matches("**b**", "abc"));
}

BOOST_AUTO_TEST_CASE(a_question_mark_stands_for_one_character) {
  BOOST_TEST(glob_matches("a?c", "abc"));
  BOOST_TEST(glob_matches("a?c", "a\xe2\x82\xac"
                                 "c"));
  BOOST_TEST(!glob_matches("a?c", "ac"));
  BOOST_TEST(!glob_matches("a?c", "abbc"));
  BOOST_TEST(glob_matches("a?c", "a\xff"
                                 "c"));
  BOOST_TEST(glob_matches("*?b", "aab"));
}

BOOST_AUTO_TEST_CASE(many_stars_do_not_take_for_ever) {
  std::string pattern;
  for (int i = 0; i < 100; ++i)
    pattern += "*a";
  BOOST_TEST(!glob_matches(pattern + "b", std::string(10'000, 'a')));
}

BOOST_AUTO_TEST_CASE(kinds_pass_and_others_do_not) {
  auto f = filters::kinds({event_kind::task_added, event_kind::state_dump});
  BOOST_TEST(f(about(event_kind::task_added)));
  BOOST_TEST(f(about(event_kind::state_dump)));
  BOOST_TEST(!f(about(event_kind::task_removed)));
  BOOST_TEST(!f(about(static_cast<event_kind>(200))));
}

BOOST_AUTO_TEST_CASE(loud_events_pass_and_quiet_ones_do_not) {
  auto f = filters::at_least(severity::warning);
  BOOST_TEST(f(about(event_kind::attempt_failed)));
  BOOST_TEST(f(about(event_kind::attempt_timed_out)));
  BOOST_TEST(!f(about(event_kind::task_added)));
}

BOOST_AUTO_TEST_CASE(a_task_is_not_a_slot_of_the_same_name) {
  auto task = filters::tasks("job-*");
  auto slot = filters::slots("job-*");
  auto of_task = about(event_kind::attempt_starting, "job-1");
  auto of_slot = about(event_kind::controller_submitted, "job-1");
  auto of_component = about(event_kind::runtime_failure, "job-1");
  BOOST_TEST(task(of_task));
  BOOST_TEST(!task(of_slot));
  BOOST_TEST(!task(of_component));
  BOOST_TEST(!task(about(event_kind::attempt_starting, "other")));
  BOOST_TEST(slot(of_slot));
  BOOST_TEST(!slot(of_task));
}

BOOST_AUTO_TEST_CASE(filters_combine) {
  auto x = about(event_kind::task_added);
  BOOST_TEST(filters::all_of({always, nullptr, always})(x));
  BOOST_TEST(!filters::all_of({always, never})(x));
  BOOST_TEST(filters::any_of({never, always})(x));
  BOOST_TEST(!filters::any_of({never, never})(x));
  BOOST_TEST(filters::none_of({never, never})(x));
  BOOST_TEST(!filters::none_of({never, always})(x));
}

BOOST_AUTO_TEST_SUITE_END()
