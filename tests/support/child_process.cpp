#include "support/child_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace taskvisor::test {

namespace {

using steady = std::chrono::steady_clock;

void check(int error, const char* what) {
  if (error != 0)
    throw std::system_error{error, std::system_category(), what};
}

/// What `posix_spawn` is told about signals and the output.
class spawn_plan {
public:
  spawn_plan(int output, std::initializer_list<int> blocked) {
    check(posix_spawnattr_init(&attributes), "posix_spawnattr_init");
    check(posix_spawn_file_actions_init(&files), "file_actions_init");
    check(posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO),
          "file_actions_adddup2");
    sigset_t set;
    sigemptyset(&set);
    for (auto number : blocked)
      sigaddset(&set, number);
    check(posix_spawnattr_setsigmask(&attributes, &set), "setsigmask");
    // A shell's background jobs ignore SIGINT and SIGQUIT.
    sigemptyset(&set);
    for (auto number : {SIGINT, SIGTERM, SIGQUIT, SIGUSR1})
      sigaddset(&set, number);
    check(posix_spawnattr_setsigdefault(&attributes, &set), "setsigdefault");
    check(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK
                                                  | POSIX_SPAWN_SETSIGDEF),
          "setflags");
  }

  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;

  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

/// False when the time is over.
bool readable(int descriptor, steady::time_point until) {
  pollfd entry{descriptor, POLLIN, 0};
  for (;;) {
    auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - steady::now());
    auto count = ::poll(&entry, 1, std::max(static_cast<int>(left.count()), 0));
    if (count >= 0 || errno != EINTR)
      return count > 0;
  }
}

} // namespace

child_process::child_process(const std::vector<std::string>& arguments,
                             std::initializer_list<int> blocked) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  output_ = ends[0];
  std::vector<char*> values;
  for (const auto& x : arguments)
    values.push_back(const_cast<char*>(x.c_str()));
  values.push_back(nullptr);
  spawn_plan plan{ends[1], blocked};
  auto error = ::posix_spawn(&process_, values[0], &plan.files,
                             &plan.attributes, values.data(), environ);
  ::close(ends[1]);
  check(error, arguments.front().c_str());
}

child_process::~child_process() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(output_);
}

void child_process::send(int signal_number) const {
  check(::kill(process_, signal_number) == 0 ? 0 : errno, "kill");
}

void child_process::read_until(std::string_view text) {
  auto until = steady::now() + patience;
  for (;;) {
    while (take_line())
      if (lines_.back().find(text) != std::string::npos)
        return;
    if (!read_more(until))
      give_up(fmt::format("the process ended without '{}'", text));
  }
}

process_end child_process::join() {
  auto until = steady::now() + patience;
  while (read_more(until)) {}
  while (take_line()) {}
  int status = 0;
  // It has let go of its output: nothing but the kernel is left to wait for.
  ::waitpid(std::exchange(process_, -1), &status, 0);
  process_end result;
  if (WIFSIGNALED(status))
    result.killed_by = WTERMSIG(status);
  else
    result.exit_code = WEXITSTATUS(status);
  return result;
}

bool child_process::take_line() {
  auto end = unread_.find('\n');
  if (end == std::string::npos)
    return false;
  lines_.push_back(unread_.substr(0, end));
  unread_.erase(0, end + 1);
  return true;
}

bool child_process::read_more(steady::time_point until) {
  if (!readable(output_, until))
    give_up("nothing came in time");
  char chunk[4096];
  auto count = ::read(output_, chunk, sizeof(chunk));
  if (count < 0)
    check(errno, "read");
  unread_.append(chunk, static_cast<std::size_t>(count));
  return count > 0;
}

void child_process::give_up(const std::string& why) const {
  throw std::runtime_error{why + "; so far it printed:\n" + output()};
}

std::size_t child_process::find(std::string_view text) const {
  auto found = std::find_if(lines_.begin(), lines_.end(), [&](const auto& x) {
    return x.find(text) != std::string::npos;
  });
  return static_cast<std::size_t>(found - lines_.begin());
}

std::string child_process::output() const {
  std::string result;
  for (const auto& x : lines_)
    result += x + '\n';
  return result + unread_;
}

} // namespace taskvisor::test
