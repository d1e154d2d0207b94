#include "taskvisor/controller/submission.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

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
  if (slot_ && slot_->empty())
    return config_error{"slot", "''", "must not be empty"};
  if (max_wait_ && *max_wait_ < duration::zero())
    return config_error{"max_wait", detail::exact_text(*max_wait_),
                        "must not be negative"};
  return task_.validate();
}

} // namespace taskvisor
