#include "taskvisor/controller/controller_config.hpp"

#include "taskvisor/events/detail/bounds.hpp"

#include <string>

namespace taskvisor {

controller_config controller_config::with_queue_capacity(std::size_t x) const {
  auto result = *this;
  result.queue_capacity = x;
  return result;
}

controller_config controller_config::with_max_slot_queue(std::size_t x) const {
  auto result = *this;
  result.max_slot_queue = x;
  return result;
}

controller_config controller_config::with_shards(std::uint32_t x) const {
  auto result = *this;
  result.shards = x;
  return result;
}

controller_config controller_config::with_max_wait(duration x) const {
  auto result = *this;
  result.max_wait = x;
  return result;
}

std::optional<config_error> controller_config::validate() const {
  constexpr std::uint32_t most_shards = 1024;
  if (auto err = detail::at_least_one("queue_capacity", queue_capacity))
    return err;
  if (shards == 0 || shards > most_shards)
    return config_error{"shards", std::to_string(shards), "must be 1 to 1024"};
  return detail::not_negative("max_wait", max_wait);
}

} // namespace taskvisor
