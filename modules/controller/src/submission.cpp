#include "taskvisor/controller/submission.hpp"

#include "taskvisor/events/detail/bounds.hpp"

namespace taskvisor {

submission submission::with_slot(std::string key) const {
  auto result = *this;
  result.slot_ = std::move(key);
  return result;
}

submission submission::with_max_wait(duration limit) const {
  auto result = *this;
  result.max_wait_ = limit;
  return result;
}

std::optional<config_error> submission::validate() const {
  if (slot_)
    if (auto err = detail::not_empty("slot", *slot_))
      return err;
  if (max_wait_)
    if (auto err = detail::not_negative("max_wait", *max_wait_))
      return err;
  return task_.validate();
}

} // namespace taskvisor
