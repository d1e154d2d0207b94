#include "support/child_process.hpp"
#include "support/temporary_path.hpp"

#include "taskvisor/subscribers/json_lines_subscriber.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <random>
#include <string>

namespace tv = taskvisor;
namespace fs = std::filesystem;
using tv::test::temporary_path;

namespace {

/// What jq prints for the program, in compact form, one value a line.
std::string jq(std::string program, const fs::path& file) {
  tv::test::child_process child{
    {"/usr/bin/jq", "-c", "-s", std::move(program), file.string()}};
  auto end = child.join();
  BOOST_TEST_CONTEXT(child.output()) {
    BOOST_TEST((end == tv::test::process_end{0, 0}));
  }
  return child.output();
}

class fuzzer {
public:
  /// Bytes of all values, with a preference for what is special somewhere.
  std::string bytes() {
    static constexpr std::string_view special{"\"\\\n\r\t\0\x1b\x7f{}:,\xc3\xe2"
                                              "\xf0\xff\x80\xed\xa0",
                                              19};
    std::string result(pick(40), '\0');
    for (auto& x : result)
      x = pick(2) == 0 ? special[pick(special.size())]
                       : static_cast<char>(pick(256));
    return result;
  }

  tv::event event() {
    tv::event x;
    x.kind = static_cast<tv::event_kind>(pick(23));
    x.id = pick(4) == 0 ? tv::task_id{} : tv::task_id::next();
    x.task = bytes();
    x.attempt = static_cast<std::uint32_t>(random_());
    x.reason = bytes();
    if (pick(2) == 0)
      x.outcome = static_cast<tv::outcome_kind>(pick(9)); // some are none
    x.rejected = static_cast<tv::rejection>(pick(12));
    if (pick(2) == 0)
      x.delay = tv::duration{static_cast<std::int64_t>(random_())};
    if (pick(2) == 0)
      x.exit_code = static_cast<std::int32_t>(random_());
    return x;
  }

private:
  std::size_t pick(std::size_t bound) { return random_() % bound; }

  std::mt19937_64 random_{20261123};
};

tv::subscriber_options writer_options() {
  tv::subscriber_options result;
  result.name = "json";
  result.blocking = true;
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(jq_parses_every_line_of_a_fuzzed_run) {
  constexpr std::size_t count = 20'000;
  temporary_path file{"fuzzed.jsonl"};
  auto lines = tv::line_file::open(file.path.string());
  BOOST_TEST_REQUIRE(static_cast<bool>(lines));
  auto write = tv::json_lines_subscriber(lines->sink());
  fuzzer source;
  for (std::size_t i = 0; i < count; ++i)
    write(source.event());
  BOOST_TEST(lines->lost() == 0u);
  // jq reads objects, not lines: each must be on one line of its own.
  BOOST_TEST(jq("length", file.path) == std::to_string(count) + "\n");
  BOOST_TEST(
    jq("map(select(has(\"event\") and has(\"seq\"))) | length", file.path)
    == std::to_string(count) + "\n");
  tv::test::child_process wc{{"/usr/bin/wc", "-l", file.path.string()}};
  wc.join();
  BOOST_TEST(wc.output().starts_with(std::to_string(count) + " "));
}

BOOST_AUTO_TEST_CASE(jq_reads_from_a_run_what_happened_in_it) {
  temporary_path file{"run.jsonl"};
  auto lines = tv::line_file::open(file.path.string());
  BOOST_TEST_REQUIRE(static_cast<bool>(lines));
  tv::supervisor sup;
  auto attached =
    tv::attach_subscriber(sup.system(), sup.shared_events(), writer_options(),
                          tv::json_lines_subscriber(lines->sink()));
  BOOST_TEST_REQUIRE(static_cast<bool>(attached));
  std::string hostile = "a\"\\\n\x1b\xff";
  sup.run({tv::task_spec::once(hostile, [](tv::task_context&) {
    throw tv::fail{"caf\xc3\xa9 \x01"}.with_exit_code(75);
  })});
  BOOST_TEST(attached->lost() == 0u);
  BOOST_TEST(
    jq(".[] | select(.event == \"attempt_failed\")"
       " | [.task, .reason, .exit_code, .attempt, .level]",
       file.path)
    == "[\"a\\\"\\\\\\n\\u001b\xef\xbf\xbd\",\"caf\xc3\xa9 \\u0001\",75,1,"
       "\"error\"]\n");
  BOOST_TEST(jq("map(.seq) | . == (. | sort)", file.path) == "true\n");
  BOOST_TEST(
    jq("map(select(.event == \"task_finished\") | .outcome_kind)", file.path)
    == "[\"outcome_failed\"]\n");
}
