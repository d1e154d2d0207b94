#pragma once

#include "taskvisor/events/outcome.hpp"

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

/// A name conflicts if it is taken, or stands in the batch before.
template <class Taken>
admission_verdict judge_admission(const std::vector<std::string_view>& names,
                                  Taken taken) {
  admission_verdict result;
  std::unordered_set<std::string_view> seen;
  std::vector<rejection> marks(names.size(), rejection::batch_rejected);
  bool conflict = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (seen.insert(names[i]).second && !taken(names[i]))
      continue;
    marks[i] = rejection::already_exists;
    if (!conflict)
      result.conflict = names[i];
    conflict = true;
  }
  if (conflict)
    result.refused = std::move(marks);
  return result;
}

} // namespace taskvisor::detail
