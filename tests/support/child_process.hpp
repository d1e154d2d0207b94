#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace taskvisor::test {

/// How a process ended: the exit code, or the signal that killed it.
struct process_end {
  int exit_code = -1;
  int killed_by = 0;

  friend bool operator==(const process_end&, const process_end&) = default;
};

/// A program of tests/system that runs; what it prints is read line by line.
/// A wait takes `patience` at most; then it throws `std::runtime_error` with
/// all that was printed. The destructor kills what still runs.
class child_process {
public:
  static constexpr auto patience = std::chrono::seconds{8};

  /// Starts with the default dispositions, and only `blocked` blocked.
  explicit child_process(const std::vector<std::string>& arguments,
                         std::initializer_list<int> blocked = {});
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  void send(int signal_number) const;

  /// Reads on until a line contains `text`; only what was not yet read counts.
  void read_until(std::string_view text);

  /// Reads to the end of the output and joins.
  process_end join();

  const std::vector<std::string>& lines() const noexcept { return lines_; }

  /// The index of the first line that contains `text`; the number of lines if
  /// there is none.
  std::size_t find(std::string_view text) const;

  std::string output() const;

private:
  bool take_line();
  /// False at the end of the output.
  bool read_more(std::chrono::steady_clock::time_point until);
  [[noreturn]] void give_up(const std::string& why) const;

  pid_t process_ = -1;
  int output_ = -1;
  std::string unread_;
  std::vector<std::string> lines_;
};

} // namespace taskvisor::test
