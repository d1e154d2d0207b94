#include "taskvisor/events/event.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string_view>
#include <vector>

using namespace taskvisor;

namespace {

template <class E>
std::vector<std::string_view> labels() {
  std::vector<std::string_view> result;
  for (std::size_t i = 0; i < wire_count(E{}); ++i)
    result.push_back(label(static_cast<E>(i)));
  return result;
}

using names = std::vector<std::string_view>;

severity finished(std::optional<outcome_kind> outcome) {
  event x;
  x.kind = event_kind::task_finished;
  x.outcome = outcome;
  return severity_of(x);
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_test)

BOOST_AUTO_TEST_CASE(the_labels_of_event_kinds_and_their_numbers_are_stable) {
  BOOST_CHECK((labels<event_kind>()
               == names{"shutdown_requested",
                        "all_stopped_within_grace",
                        "grace_exceeded",
                        "attempt_starting",
                        "attempt_succeeded",
                        "attempt_canceled",
                        "attempt_failed",
                        "attempt_timed_out",
                        "backoff_scheduled",
                        "task_add_requested",
                        "task_added",
                        "task_add_failed",
                        "task_remove_requested",
                        "task_finished",
                        "task_removed",
                        "subscriber_overflow",
                        "subscriber_panicked",
                        "runtime_failure",
                        "controller_submitted",
                        "controller_rejected",
                        "controller_slot_transition",
                        "attempt_stuck",
                        "state_dump",
                        "task_state_changed"}));
  // One that sits in the middle: labels and enumerators are in step.
  BOOST_TEST(label(event_kind::task_finished) == "task_finished");
  BOOST_TEST(label(event_kind::state_dump) == "state_dump");
}

BOOST_AUTO_TEST_CASE(the_labels_of_outcomes_and_rejections_are_stable) {
  BOOST_CHECK((labels<outcome_kind>()
               == names{"outcome_completed", "outcome_failed", "outcome_fatal",
                        "outcome_canceled", "outcome_force_aborted",
                        "outcome_crashed", "outcome_rejected"}));
  BOOST_TEST(label(outcome_kind::canceled) == "outcome_canceled");
  BOOST_CHECK((labels<rejection>()
               == names{"none", "already_exists", "batch_rejected", "slot_busy",
                        "queue_full", "superseded_by_replace",
                        "removed_from_queue", "controller_shutting_down",
                        "admission_failed", "waited_too_long"}));
  BOOST_TEST(label(rejection::queue_full) == "queue_full");
  BOOST_CHECK((labels<backoff_source>() == names{"failure", "success"}));
}

BOOST_AUTO_TEST_CASE(each_kind_is_about_what_its_name_says) {
  BOOST_CHECK(
    (labels<event_subject>()
     == names{"supervisor", "task", "slot", "subscriber", "component"}));
  for (std::size_t i = 0; i < wire_count(event_kind{}); ++i) {
    auto kind = static_cast<event_kind>(i);
    auto name = label(kind);
    std::string_view expected = "supervisor";
    if (name.starts_with("task_") || name.starts_with("attempt_")
        || name == "backoff_scheduled")
      expected = "task";
    else if (name.starts_with("controller_"))
      expected = "slot";
    else if (name.starts_with("subscriber_"))
      expected = "subscriber";
    else if (name == "runtime_failure")
      expected = "component";
    BOOST_TEST_CONTEXT(name)
    BOOST_TEST(label(subject_of(kind)) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_enumerator_has_a_label_too) {
  BOOST_TEST(label(static_cast<event_kind>(24)) == "unknown");
  BOOST_TEST(label(static_cast<outcome_kind>(255)) == "unknown");
  BOOST_TEST(label(static_cast<rejection>(10)) == "unknown");
  BOOST_TEST(label(static_cast<backoff_source>(2)) == "unknown");
  BOOST_TEST(label(static_cast<severity>(4)) == "unknown");
}

BOOST_AUTO_TEST_CASE(every_kind_has_its_severity) {
  using enum event_kind;
  std::map<event_kind, std::string_view> expected{
    {attempt_failed, "error"},
    {attempt_stuck, "error"},
    {subscriber_panicked, "error"},
    {runtime_failure, "error"},
    {attempt_timed_out, "warning"},
    {grace_exceeded, "warning"},
    {subscriber_overflow, "warning"},
    {task_add_failed, "warning"},
    {controller_rejected, "warning"},
    {attempt_succeeded, "info"},
    {attempt_canceled, "info"},
    {task_added, "info"},
    {task_removed, "info"},
    {shutdown_requested, "info"},
    {all_stopped_within_grace, "info"},
    {controller_submitted, "info"},
    {state_dump, "info"},
    {task_state_changed, "debug"},
    {attempt_starting, "debug"},
    {backoff_scheduled, "debug"},
    {task_add_requested, "debug"},
    {task_remove_requested, "debug"},
    {controller_slot_transition, "debug"},
    {task_finished, "warning"}, // without an outcome
  };
  BOOST_TEST(expected.size() == wire_count(event_kind{}));
  for (auto [kind, name] : expected) {
    event x;
    x.kind = kind;
    BOOST_TEST_CONTEXT(label(kind))
    BOOST_TEST(label(severity_of(x)) == name);
  }
}

BOOST_AUTO_TEST_CASE(the_severity_of_an_end_follows_its_outcome) {
  BOOST_CHECK(finished(outcome_kind::completed) == severity::info);
  BOOST_CHECK(finished(outcome_kind::canceled) == severity::info);
  BOOST_CHECK(finished(outcome_kind::failed) == severity::warning);
  BOOST_CHECK(finished(outcome_kind::force_aborted) == severity::warning);
  BOOST_CHECK(finished(outcome_kind::rejected) == severity::warning);
  BOOST_CHECK(finished(outcome_kind::fatal) == severity::error);
  BOOST_CHECK(finished(outcome_kind::crashed) == severity::error);
  BOOST_CHECK(finished(std::nullopt) == severity::warning);
}

BOOST_AUTO_TEST_CASE(three_kinds_report_about_the_reporting) {
  names diagnostics;
  for (std::size_t i = 0; i < wire_count(event_kind{}); ++i)
    if (auto kind = static_cast<event_kind>(i); is_diagnostic(kind))
      diagnostics.push_back(label(kind));
  BOOST_CHECK((
    diagnostics
    == names{"subscriber_overflow", "subscriber_panicked", "runtime_failure"}));
}

BOOST_AUTO_TEST_SUITE_END()
