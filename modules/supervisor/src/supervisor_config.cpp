#include "taskvisor/supervisor/supervisor_config.hpp"

#include "taskvisor/events/detail/bounds.hpp"

#include <utility>

namespace taskvisor {

namespace {

/// A copy of the configuration with one field changed.
template <class T, class V>
supervisor_config with(supervisor_config config, T supervisor_config::*field,
                       V value) {
  config.*field = std::move(value);
  return config;
}

} // namespace

supervisor_config supervisor_config::with_grace(duration x) const {
  return with(*this, &supervisor_config::grace, x);
}

supervisor_config supervisor_config::with_subscriber_grace(duration x) const {
  return with(*this, &supervisor_config::subscriber_grace, x);
}

supervisor_config supervisor_config::with_max_concurrent(
  std::uint32_t x) const {
  return with(*this, &supervisor_config::max_concurrent, x);
}

supervisor_config supervisor_config::with_command_queue_capacity(
  std::size_t x) const {
  return with(*this, &supervisor_config::command_queue_capacity, x);
}

supervisor_config supervisor_config::with_blocking_threads(
  std::size_t x) const {
  return with(*this, &supervisor_config::blocking_threads, x);
}

supervisor_config supervisor_config::with_worker_threads(std::size_t x) const {
  return with(*this, &supervisor_config::worker_threads, x);
}

supervisor_config supervisor_config::with_dedicated_threads(bool x) const {
  return with(*this, &supervisor_config::dedicated_threads, x);
}

supervisor_config supervisor_config::with_seed(std::uint64_t x) const {
  return with(*this, &supervisor_config::seed, x);
}

supervisor_config supervisor_config::with_defaults(task_defaults x) const {
  return with(*this, &supervisor_config::defaults, x);
}

std::optional<config_error> supervisor_config::validate() const {
  using namespace detail;
  if (auto err = not_negative("grace", grace))
    return err;
  if (auto err = not_negative("subscriber_grace", subscriber_grace))
    return err;
  if (auto err = at_least_one("command_queue_capacity", command_queue_capacity))
    return err;
  if (auto err = at_least_one("blocking_threads", blocking_threads))
    return err;
  return defaults.validate();
}

} // namespace taskvisor
