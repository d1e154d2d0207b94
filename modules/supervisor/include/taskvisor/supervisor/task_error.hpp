/// What a task's body may throw to say how its attempt ended. Any other
/// exception is a retryable failure with its type and text as the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace taskvisor {

/// A failure with a reason and, if wanted, an exit code of the caller's.
class task_failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;

  const std::optional<std::int32_t>& exit_code() const noexcept {
    return exit_code_;
  }

protected:
  std::optional<std::int32_t> exit_code_;
};

/// A failure that the restart policy may retry: `throw tv::fail("no route")`.
class fail : public task_failure {
public:
  [[nodiscard]] explicit fail(const std::string& reason)
    : task_failure(reason) {}

  fail&& with_exit_code(std::int32_t code) && {
    exit_code_ = code;
    return std::move(*this);
  }
};

/// A failure that no policy retries: `throw tv::fatal("bad credentials")`.
class fatal : public task_failure {
public:
  [[nodiscard]] explicit fatal(const std::string& reason)
    : task_failure(reason) {}

  fatal&& with_exit_code(std::int32_t code) && {
    exit_code_ = code;
    return std::move(*this);
  }
};

/// The task itself says that it was canceled: ends it under every policy.
class canceled {};

/// Why an attempt is to stop.
enum class stop_reason : std::uint8_t {
  none,
  /// Removed, canceled, or the supervisor shuts down.
  canceled,
  /// The attempt's timeout expired.
  timed_out,
};

/// Thrown by an await that a stop interrupted, to unwind the body; caught by
/// the attempt's runner alone. Not a `std::exception`: a body's own
/// `catch (const std::exception&)` does not swallow it.
class stopped {
public:
  explicit stopped(stop_reason reason) noexcept : reason_(reason) {}

  stop_reason reason() const noexcept { return reason_; }

private:
  stop_reason reason_;
};

} // namespace taskvisor
