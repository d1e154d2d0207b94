#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/supervisor/backoff_policy.hpp"
#include "taskvisor/supervisor/restart_policy.hpp"
#include "taskvisor/supervisor/task_body.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace taskvisor {

/// No bound on the number of retries.
inline constexpr std::uint32_t unlimited_retries =
  std::numeric_limits<std::uint32_t>::max();

/// What a task inherits where its spec says nothing.
struct task_defaults {
  restart_policy restart = restart_policy::on_failure;
  backoff_policy backoff;
  /// Per attempt; zero is none.
  duration timeout{0};
  /// Retries in a row after failures, at least 1, or `unlimited_retries`. Any
  /// success refills the budget. For no retry at all: `restart_policy::never`.
  std::uint32_t max_retries = unlimited_retries;

  /// The first field that is out of bounds.
  std::optional<config_error> validate() const;
};

/// A task: a name, a body and policies. Each policy is inherited from the
/// supervisor's defaults, resolved at admission, or explicit. A plain value;
/// copies share the body. Wrong values are refused when it is added, with an
/// error that names field, value and bound.
class task_spec {
public:
  /// Inherits every policy. `run` is a coroutine `attempt(task_context&)`, a
  /// short function `void(task_context&)`, `blocking(...)` or
  /// `actor_task(...)`. It is kept as long as the task exists, so a lambda's
  /// captures are safe.
  template <task_callable Body>
  task_spec(std::string name, Body run)
    : name_(std::move(name)), body_(detail::make_body(std::move(run))) {}

  /// Runs once; a failure is final.
  template <task_callable Body>
  static task_spec once(std::string name, Body run) {
    return task_spec{std::move(name), std::move(run)}.with_restart(
      restart_policy::never);
  }

  /// Runs until it succeeds.
  template <task_callable Body>
  static task_spec restartable(std::string name, Body run) {
    return task_spec{std::move(name), std::move(run)}.with_restart(
      restart_policy::on_failure);
  }

  /// Runs again and again, `every` after each success; a failure is retried
  /// after the backoff. Zero: at once, at most once a millisecond.
  template <task_callable Body>
  static task_spec periodic(std::string name, duration every, Body run) {
    return task_spec{std::move(name), std::move(run)}.with_restart(
      restart_policy::always(every));
  }

  task_spec with_restart(restart_policy x) const;
  task_spec with_backoff(backoff_policy x) const;
  /// Per attempt; zero is none, also where the defaults have one.
  task_spec with_timeout(duration x) const;
  /// At least 1, or `unlimited_retries`.
  task_spec with_max_retries(std::uint32_t x) const;
  task_spec with_name(std::string x) const;

  const std::string& name() const& noexcept { return name_; }
  std::string name() && noexcept { return std::move(name_); }

  /// Empty means inherited.
  const std::optional<restart_policy>& restart() const noexcept {
    return restart_;
  }
  const std::optional<backoff_policy>& backoff() const noexcept {
    return backoff_;
  }
  const std::optional<duration>& timeout() const noexcept { return timeout_; }
  const std::optional<std::uint32_t>& max_retries() const noexcept {
    return max_retries_;
  }

  /// The first field that is out of bounds: name (not empty), restart,
  /// backoff, timeout (not negative), max_retries (not 0).
  std::optional<config_error> validate() const;

  /// This spec's policies, the defaults where it says nothing.
  task_defaults resolve(const task_defaults& defaults) const;

  const detail::body_ptr& body() const& noexcept { return body_; }
  detail::body_ptr body() && noexcept { return std::move(body_); }

private:
  std::string name_;
  detail::body_ptr body_;
  std::optional<restart_policy> restart_;
  std::optional<backoff_policy> backoff_;
  std::optional<duration> timeout_;
  std::optional<std::uint32_t> max_retries_;
};

} // namespace taskvisor
