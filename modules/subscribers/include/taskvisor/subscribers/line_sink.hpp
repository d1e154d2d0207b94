#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace taskvisor {

/// Takes one formatted line, without a line end; valid during the call only.
using line_sink = std::function<void(std::string_view line)>;

/// Writes to a stream that stays open: each line whole, and flushed at once.
/// What cannot be written is lost without a word.
line_sink stream_sink(std::FILE* stream);

/// A file that lines are appended to, for logrotate and its like: after they
/// have moved it away, `reopen` has the next line begin a new file under the
/// old path. Copies stand for the same file; it is closed with the last of
/// them and of its sinks. Any thread.
class line_file {
public:
  /// Opens the file, or makes it. The error is `invalid_config`, with the path
  /// and what the system said.
  static caf::expected<line_file> open(std::string path);

  /// Appends each line whole, by one write and without a buffer: what the sink
  /// has returned from is in the file. Throws `std::system_error` when writing
  /// or reopening fails, but once only until it works again: as a subscriber
  /// it is then reported once. A line that the disk had no room left for is
  /// completed by the next one, so that no line is ever torn.
  line_sink sink() const;

  /// Before the next line the file is opened again. While that fails, lines
  /// still go to the old one. May be called from a signal handler.
  void reopen() const noexcept;

  /// Lines that could not be written.
  std::uint64_t lost() const noexcept;

private:
  class writer;

  explicit line_file(std::shared_ptr<writer> to);

  std::shared_ptr<writer> writer_;
};

} // namespace taskvisor
