#pragma once

#include "support/roundtrip.hpp"

#include "taskvisor/events/task_info.hpp"

#include <chrono>
#include <limits>
#include <string>
#include <vector>

namespace taskvisor::test {

/// Every field is set, to what is hard to transmit.
inline task_info full_info() {
  using std::chrono_literals::operator""ns;
  task_info x;
  x.id = task_id::next();
  x.name = std::string{"na\0me\xff", 6};
  x.state = task_state::stuck;
  x.attempt = std::numeric_limits<std::uint32_t>::max();
  x.body = body_kind::actor;
  x.attempt_age = duration::max() - 1ns;
  x.remaining = duration::max();
  x.in_state = duration::min();
  x.last_failure = std::string(100'000, 'f');
  return x;
}

} // namespace taskvisor::test
