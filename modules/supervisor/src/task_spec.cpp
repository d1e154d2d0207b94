#include "taskvisor/supervisor/task_spec.hpp"

#include "taskvisor/events/detail/bounds.hpp"

namespace taskvisor {

namespace {

std::optional<config_error> validate_retries(std::uint32_t x) {
  if (x == 0)
    return config_error{"max_retries", "0",
                        "must be at least 1; for no retry use "
                        "restart_policy::never"};
  return std::nullopt;
}

} // namespace

std::optional<config_error> task_defaults::validate() const {
  if (auto err = restart.validate())
    return err;
  if (auto err = backoff.validate())
    return err;
  if (auto err = detail::not_negative("timeout", timeout))
    return err;
  return validate_retries(max_retries);
}

task_spec task_spec::with_restart(restart_policy x) const {
  auto result = *this;
  result.restart_ = x;
  return result;
}

task_spec task_spec::with_backoff(backoff_policy x) const {
  auto result = *this;
  result.backoff_ = x;
  return result;
}

task_spec task_spec::with_timeout(duration x) const {
  auto result = *this;
  result.timeout_ = x;
  return result;
}

task_spec task_spec::with_max_retries(std::uint32_t x) const {
  auto result = *this;
  result.max_retries_ = x;
  return result;
}

task_spec task_spec::with_name(std::string x) const {
  auto result = *this;
  result.name_ = std::move(x);
  return result;
}

std::optional<config_error> task_spec::validate() const {
  if (auto err = detail::not_empty("name", name_))
    return err;
  return resolve({}).validate();
}

task_defaults task_spec::resolve(const task_defaults& defaults) const {
  return {.restart = restart_.value_or(defaults.restart),
          .backoff = backoff_.value_or(defaults.backoff),
          .timeout = timeout_.value_or(defaults.timeout),
          .max_retries = max_retries_.value_or(defaults.max_retries)};
}

} // namespace taskvisor
