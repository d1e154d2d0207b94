#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/detail/caf_compat.hpp"
#include "taskvisor/events/type_ids.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace taskvisor {

/// Why a call of taskvisor was refused or could not be finished. How a task
/// ended is an `outcome`, not an error. Travels as a `caf::error` only.
enum class errc : std::uint8_t {
  /// Not an error.
  none,
  /// A field has a value outside its bound; the text names all three.
  invalid_config,
  /// The name belongs to a registered task, also while that one is stopping.
  task_already_exists,
  /// A `try_` call found no free place for its command.
  command_queue_full,
  /// The caller's wait ended before the task's cleanup; the stop goes on.
  termination_timeout,
  /// Admission is closed: the supervisor is shutting down or gone.
  shutting_down,
  /// `run` was called a second time on the same supervisor.
  already_running,
  /// The operating system refused to install the signal handlers.
  signal_setup_failed,
  /// `get(timeout)` waited that long and the result was not there.
  wait_timeout,
  /// A blocking wait from a task's own thread, which it would wait for.
  would_deadlock,
  /// The await was interrupted: the attempt is to stop.
  stopped,
  /// The supervisor was built without a controller.
  controller_not_configured,
  /// A `try_` submission found no free place in the command queue.
  controller_full,
  /// The controller takes no more submissions.
  controller_closed,
  /// A part of the supervisor ended by an error of its own or was killed.
  runtime_failed,
};

constexpr std::size_t wire_count(errc) noexcept {
  return 15;
}

/// The stable, machine-readable name, such as `task_already_exists`.
std::string_view label(errc code) noexcept;

std::string to_string(errc code);
bool from_string(std::string_view text, errc& code) noexcept;
bool from_integer(std::uint8_t value, errc& code) noexcept;

} // namespace taskvisor

TASKVISOR_ERROR_ENUM(taskvisor::errc, "taskvisor")

namespace taskvisor {

/// An error of taskvisor: a code and a sentence for people.
caf::error make_error(errc code, std::string text);

/// `invalid_config` with the text of the refused field.
caf::error make_error(const config_error& refused);

/// The code if the error is taskvisor's, else `errc::none`.
errc code_of(const caf::error& err) noexcept;

/// `label: sentence` for taskvisor's errors, CAF's own text for the others.
std::string describe(const caf::error& err);

} // namespace taskvisor
