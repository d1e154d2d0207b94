#include "taskvisor/subscribers/line_sink.hpp"

#include "support/events_system.hpp"
#include "support/temporary_path.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

using namespace taskvisor;
namespace fs = std::filesystem;

namespace {

/// A folder of its own; CAF 1.x makes errors by its table of types.
struct fixture : test::events_system {
  test::temporary_path temporary{"line-sink"};
  fs::path folder = temporary.path;
  std::string path = folder / "events.jsonl";

  fixture() { fs::create_directory(folder); }

  line_file open() {
    auto result = line_file::open(path);
    BOOST_TEST_REQUIRE(static_cast<bool>(result));
    return *result;
  }
};

std::string content(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// Lets this process write files up to `size` bytes, for as long as it lives.
class full_disk {
public:
  explicit full_disk(rlim_t size) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

  ~full_disk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
  rlimit before_{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(line_sink_test, fixture)

BOOST_AUTO_TEST_CASE(a_line_is_in_the_file_when_the_sink_returns) {
  auto file = open();
  auto sink = file.sink();
  sink("one");
  BOOST_TEST(content(path) == "one\n");
  sink("");
  sink("two");
  BOOST_TEST(content(path) == "one\n\ntwo\n");
}

BOOST_AUTO_TEST_CASE(what_the_file_has_stays) {
  open().sink()("one");
  open().sink()("two");
  BOOST_TEST(content(path) == "one\ntwo\n");
}

BOOST_AUTO_TEST_CASE(a_sink_outlives_its_file) {
  auto sink = open().sink();
  sink("one");
  BOOST_TEST(content(path) == "one\n");
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_opened_is_refused_with_the_reason) {
  auto refused = line_file::open(folder / "missing" / "file");
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST(describe(refused.error())
             == "invalid_config: path = " + (folder / "missing/file").string()
                  + ": must be a file to append to: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_reopened_file_begins_anew_under_its_path) {
  auto file = open();
  auto sink = file.sink();
  sink("before");
  fs::rename(path, folder / "rotated");
  sink("still the old one");
  file.reopen();
  sink("after");
  BOOST_TEST(content(folder / "rotated") == "before\nstill the old one\n");
  BOOST_TEST(content(path) == "after\n");
  BOOST_TEST(file.lost() == 0u);
}

BOOST_AUTO_TEST_CASE(while_reopening_fails_lines_go_to_the_old_file) {
  auto file = open();
  auto sink = file.sink();
  auto moved = fs::path{folder.string() + "-moved"};
  fs::rename(folder, moved);
  file.reopen();
  BOOST_CHECK_THROW(sink("one"), std::system_error);
  sink("two"); // told once only
  BOOST_TEST(content(moved / "events.jsonl") == "one\ntwo\n");
  BOOST_TEST(file.lost() == 0u);
  fs::create_directory(folder);
  sink("three");
  BOOST_TEST(content(path) == "three\n");
  fs::remove_all(moved);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told_once_and_tears_no_line) {
  auto file = open();
  auto sink = file.sink();
  {
    full_disk limit{10};
    sink("one");
    BOOST_CHECK_THROW(sink("two and three"), std::system_error);
    sink("lost");
    sink("lost too");
    BOOST_TEST(file.lost() == 2u);
  }
  sink("four");
  BOOST_TEST(content(path) == "one\ntwo and three\nfour\n");
  BOOST_TEST(file.lost() == 2u);
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_even_begin_is_lost) {
  auto file = open();
  auto sink = file.sink();
  sink("one");
  {
    full_disk limit{4};
    BOOST_CHECK_THROW(sink("two"), std::system_error);
  }
  sink("three");
  {
    full_disk limit{4};
    BOOST_CHECK_THROW(sink("four"), std::system_error); // a new failure
  }
  BOOST_TEST(content(path) == "one\nthree\n");
  BOOST_TEST(file.lost() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
