#include "taskvisor/subscribers/log_subscriber.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace taskvisor;

namespace {

/// All fields set, so that what a kind does not print would be seen.
event full(event_kind kind) {
  event x;
  x.seq = 7;
  x.kind = kind;
  x.id = task_id::next();
  x.task = "job";
  x.attempt = 3;
  x.reason = "why";
  x.outcome = outcome_kind::failed;
  x.rejected = rejection::slot_busy;
  x.timeout = 2s;
  x.delay = 1500ms;
  x.elapsed = 9ms;
  x.exit_code = 75;
  x.source = backoff_source::success;
  x.state = task_state::stopping;
  return x;
}

event empty(event_kind kind) {
  event x;
  x.kind = kind;
  return x;
}

std::string delayed(duration delay) {
  auto x = empty(event_kind::backoff_scheduled);
  x.delay = delay;
  auto line = format_line(x);
  auto from = line.find("delay=") + 6;
  return line.substr(from, line.find(' ', from) - from);
}

struct expected_line {
  event_kind kind;
  const char* full;
  const char* empty;
};

constexpr expected_line lines[] = {
  {event_kind::shutdown_requested, "", ""},
  {event_kind::all_stopped_within_grace, "", ""},
  {event_kind::grace_exceeded, " why", ""},
  {event_kind::attempt_starting, " task=job attempt=3", " task=none attempt=0"},
  {event_kind::attempt_succeeded, " task=job", " task=none"},
  {event_kind::attempt_canceled, " task=job", " task=none"},
  {event_kind::attempt_failed, R"( task=job reason="why" attempt=3)",
   R"( task=none reason="unknown" attempt=0)"},
  {event_kind::attempt_timed_out, " task=job timeout=2s",
   " task=none timeout=0ms"},
  {event_kind::backoff_scheduled,
   R"( task=job source=success delay=1.5s after_attempt=3 reason="why")",
   R"( task=none source=unknown delay=0ms after_attempt=0 reason="none")"},
  {event_kind::task_add_requested, " task=job", " task=none"},
  {event_kind::task_added, " task=job", " task=none"},
  {event_kind::task_add_failed, R"( task=job reason="why")",
   R"( task=none reason="unknown")"},
  {event_kind::task_remove_requested, " task=job", " task=none"},
  {event_kind::task_finished,
   R"( task=job outcome=outcome_failed reason="why")",
   " task=none outcome=unknown"},
  {event_kind::task_removed, " task=job", " task=none"},
  {event_kind::subscriber_overflow, R"( subscriber=job reason="why")",
   R"( subscriber=none reason="unknown")"},
  {event_kind::subscriber_panicked, R"( subscriber=job reason="why")",
   R"( subscriber=none reason="unknown")"},
  {event_kind::runtime_failure, R"( component=job reason="why")",
   R"( component=none reason="unknown")"},
  {event_kind::controller_submitted, " slot=job why", " slot=none"},
  {event_kind::controller_rejected,
   R"( slot=job rejection=slot_busy reason="why")",
   R"( slot=none rejection=unknown reason="unknown")"},
  {event_kind::controller_slot_transition, R"( slot=job reason="why")",
   R"( slot=none reason="unknown")"},
  {event_kind::attempt_stuck, R"( task=job attempt=3 reason="why")",
   R"( task=none attempt=0 reason="unknown")"},
  {event_kind::state_dump, " why", ""},
  {event_kind::task_state_changed, " task=job state=stopping",
   " task=none state=unknown"},
};

using file = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// The terminal end of a pseudo terminal, its other end stays open.
struct terminal {
  int other = posix_openpt(O_RDWR | O_NOCTTY);
  file stream{nullptr, std::fclose};

  terminal() {
    if (other >= 0 && grantpt(other) == 0 && unlockpt(other) == 0)
      stream.reset(std::fopen(ptsname(other), "w"));
  }

  ~terminal() {
    stream.reset();
    close(other);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(log_subscriber_test)

BOOST_AUTO_TEST_CASE(every_kind_prints_its_fields_and_no_others) {
  BOOST_TEST(std::size(lines) == wire_count(event_kind{}));
  for (const auto& x : lines) {
    auto head = std::string{"] ["} + std::string{label(x.kind)} + "]";
    BOOST_TEST(format_line(full(x.kind)) == "[007" + head + x.full);
    BOOST_TEST(format_line(empty(x.kind)) == "[000" + head + x.empty);
  }
}

BOOST_AUTO_TEST_CASE(large_numbers_are_not_cut) {
  auto x = empty(event_kind::task_added);
  x.seq = 1'234'567;
  x.task = "a";
  BOOST_TEST(format_line(x) == "[1234567] [task_added] task=a");
}

BOOST_AUTO_TEST_CASE(durations_are_short) {
  BOOST_TEST(delayed(0ms) == "0ms");
  BOOST_TEST(delayed(250ns) == "250ns");
  BOOST_TEST(delayed(1500ns) == "1us");
  BOOST_TEST(delayed(999ms) == "999ms");
  BOOST_TEST(delayed(1s) == "1s");
  BOOST_TEST(delayed(1001ms) == "1.0s");
  BOOST_TEST(delayed(12'340ms) == "12.3s");
  BOOST_TEST(delayed(60min) == "3600s");
}

BOOST_AUTO_TEST_CASE(names_and_reasons_cannot_break_the_line) {
  auto x = empty(event_kind::attempt_failed);
  x.task = "a\n[008] [forged]";
  x.reason = "\"quoted\"\n\x1b[2J";
  BOOST_TEST(format_line(x)
             == R"([000] [attempt_failed] task=a\n[008] [forged])"
                R"( reason="\"quoted\"\n\x1b[2J" attempt=0)");
}

BOOST_AUTO_TEST_CASE(a_state_dump_keeps_its_lines) {
  auto x = empty(event_kind::state_dump);
  x.reason = "open\n\ta: running\n";
  BOOST_TEST(format_line(x) == "[000] [state_dump] open\n\ta: running\n");
}

BOOST_AUTO_TEST_CASE(colours_mark_the_label_by_severity) {
  auto coloured = [](event_kind kind, const char* code) {
    auto name = std::string{label(kind)};
    auto head = std::string{"[000] [\x1b["} + code + "m" + name + "\x1b[0m]";
    return format_line(empty(kind), true).starts_with(head);
  };
  BOOST_TEST(coloured(event_kind::attempt_failed, "31"));
  BOOST_TEST(coloured(event_kind::grace_exceeded, "33"));
  BOOST_TEST(coloured(event_kind::task_added, "32"));
  BOOST_TEST(coloured(event_kind::attempt_starting, "90"));
}

BOOST_AUTO_TEST_CASE(a_sink_gets_each_line_without_its_end) {
  std::vector<std::string> seen;
  auto log =
    log_subscriber([&seen](std::string_view line) { seen.emplace_back(line); });
  log(empty(event_kind::shutdown_requested));
  log(empty(event_kind::grace_exceeded));
  BOOST_TEST_REQUIRE(seen.size() == 2u);
  BOOST_TEST(seen[0] == "[000] [shutdown_requested]");
  BOOST_TEST(seen[1] == "[000] [grace_exceeded]");
}

BOOST_AUTO_TEST_CASE(a_stream_gets_whole_lines_at_once_and_without_colours) {
  int ends[2];
  BOOST_TEST_REQUIRE(pipe(ends) == 0);
  file stream{fdopen(ends[1], "w"), std::fclose};
  log_subscriber(stream.get())(empty(event_kind::grace_exceeded));
  char buffer[64] = {};
  auto size = read(ends[0], buffer, sizeof(buffer) - 1);
  BOOST_TEST(size > 0);
  BOOST_TEST(std::string{buffer} == "[000] [grace_exceeded]\n");
  close(ends[0]);
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_colours_unless_the_user_says_no) {
  terminal screen;
  BOOST_TEST_REQUIRE(screen.stream != nullptr);
  unsetenv("NO_COLOR");
  BOOST_TEST(wants_colours(screen.stream.get()));
  setenv("NO_COLOR", "", 1);
  BOOST_TEST(wants_colours(screen.stream.get()));
  setenv("NO_COLOR", "1", 1);
  BOOST_TEST(!wants_colours(screen.stream.get()));
  unsetenv("NO_COLOR");
}

BOOST_AUTO_TEST_SUITE_END()
