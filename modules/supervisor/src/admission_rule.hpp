#pragma once

#include "taskvisor/events/outcome.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace taskvisor::detail {

/// The verdict on a batch: all items or none.
struct admission_verdict {
  /// One an item if the batch is refused, else empty.
  std::vector<rejection> refused;
  /// The first conflicting name in the order of the batch.
  std::string conflict;

  bool admitted() const noexcept { return refused.empty(); }
};

/// A name conflicts if it is taken, or stands in the batch before. `name_at`
/// gives the names of a batch of `count`. One without conflict is admitted
/// without an allocation.
template <class NameAt, class Taken>
admission_verdict judge_admission(std::size_t count, NameAt name_at,
                                  Taken taken) {
  admission_verdict result;
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view name = name_at(i);
    auto repeated = count > 1 && !seen.insert(name).second;
    if (!repeated && !taken(name))
      continue;
    if (result.admitted()) {
      result.refused.assign(count, rejection::batch_rejected);
      result.conflict = name;
    }
    result.refused[i] = rejection::already_exists;
  }
  return result;
}

} // namespace taskvisor::detail
