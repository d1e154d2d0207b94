#include "taskvisor/events/state_mirror.hpp"

namespace taskvisor {

void state_mirror::reset(const state_snapshot& x) {
  seq_ = x.seq;
  tasks_.clear();
  for (const auto& info : x.tasks)
    tasks_.emplace(info.id, task{info.name, info.state, info.attempt});
}

void state_mirror::apply(const event& x) {
  if (x.seq <= seq_)
    return;
  seq_ = x.seq;
  if (x.kind == event_kind::task_removed)
    tasks_.erase(x.id);
  else if (x.state)
    tasks_.insert_or_assign(x.id, task{x.task, *x.state, x.attempt});
}

} // namespace taskvisor
