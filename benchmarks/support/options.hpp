#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The command line is wrong; the text tells what would be right.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The program cannot do this here, and why: an answer, not a failure.
struct absent : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What one measurement is asked for: `<workload> <n> [<key>=<value>]...`.
class options {
public:
  options() = default;

  /// The same workload with another number of items: for warming up.
  options with_n(std::size_t n) const;

  /// Throws `usage_error`.
  static options parse(const std::vector<std::string>& args);

  const std::string& workload() const noexcept { return workload_; }
  std::size_t n() const noexcept { return n_; }
  const std::map<std::string, std::string>& params() const noexcept {
    return params_;
  }

  /// The first key that is not among those; empty without one.
  std::string unknown_key(const std::vector<std::string_view>& keys) const;

  /// A whole number, at most ten million; throws `usage_error`.
  std::size_t number(const std::string& key, std::size_t fallback) const;

  /// One of `allowed`, the first of them if it is not given; throws
  /// `usage_error`.
  std::string one_of(const std::string& key,
                     const std::vector<std::string_view>& allowed) const;

  /// The threads of CAF's scheduler, 0 for its own choice: `workers`, or
  /// `threads` where that is not the number of clients.
  std::size_t workers() const;

private:
  std::string workload_;
  std::size_t n_ = 0;
  std::map<std::string, std::string> params_;
};

} // namespace bench
