#include "taskvisor/subscribers/line_sink.hpp"

#include "taskvisor/events/error.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace taskvisor {

line_sink stream_sink(std::FILE* stream) {
  return [stream, text = std::string{}](std::string_view line) mutable {
    text = line;
    text += '\n';
    // One call: lines of others cannot get into this one.
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
  };
}

namespace {

int open_to_append(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

std::string last_error() {
  return std::generic_category().message(errno);
}

} // namespace

class line_file::writer {
public:
  writer(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  ~writer() {
    static_cast<void>(write_unwritten());
    ::close(descriptor_);
  }

  void reopen() noexcept { reopen_ = true; }

  std::uint64_t lost() const noexcept { return lost_; }

  void append(std::string_view line) {
    std::lock_guard guard{mutex_};
    int problem = reopen_.exchange(false) ? open_again() : 0;
    if (auto failure = write_unwritten()) {
      ++lost_;
      problem = failure;
    } else {
      unwritten_ = line;
      unwritten_ += '\n';
      failure = write_unwritten();
      if (unwritten_.size() > line.size()) { // not even its first byte
        unwritten_.clear();
        ++lost_;
      }
      problem = failure != 0 ? failure : problem;
    }
    if (std::exchange(well_, problem == 0) && problem != 0)
      throw std::system_error{problem, std::generic_category(), path_};
  }

private:
  /// These return what errno says, or 0 if all went well.
  int open_again() {
    auto descriptor = open_to_append(path_);
    if (descriptor < 0) {
      reopen_ = true;
      return errno;
    }
    if (write_unwritten() != 0) { // the rest of a line in the old file
      unwritten_.clear();
      ++lost_;
    }
    ::close(std::exchange(descriptor_, descriptor));
    return 0;
  }

  int write_unwritten() {
    while (!unwritten_.empty()) {
      auto count = ::write(descriptor_, unwritten_.data(), unwritten_.size());
      if (count >= 0)
        unwritten_.erase(0, static_cast<std::size_t>(count));
      else if (errno != EINTR)
        return errno;
    }
    return 0;
  }

  const std::string path_;
  std::mutex mutex_;
  int descriptor_;
  /// What is left of a line whose beginning is in the file.
  std::string unwritten_;
  /// False since something failed, of which the caller was told.
  bool well_ = true;
  std::atomic<bool> reopen_{false};
  std::atomic<std::uint64_t> lost_{0};

  static_assert(std::atomic<bool>::is_always_lock_free); // for signal handlers
};

line_file::line_file(std::shared_ptr<writer> to) : writer_(std::move(to)) {}

caf::expected<line_file> line_file::open(std::string path) {
  auto descriptor = open_to_append(path);
  if (descriptor < 0)
    return make_error(config_error{
      "path", path, "must be a file to append to: " + last_error()});
  return line_file{std::make_shared<writer>(std::move(path), descriptor)};
}

line_sink line_file::sink() const {
  return [to = writer_](std::string_view line) { to->append(line); };
}

void line_file::reopen() const noexcept {
  writer_->reopen();
}

std::uint64_t line_file::lost() const noexcept {
  return writer_->lost();
}

} // namespace taskvisor
