#pragma once

#include "runtime.hpp"

#include <memory>

namespace taskvisor::detail {

/// The task whose code runs on this thread, be it the task's own actor or a
/// thread of the pool. A task must not be made to wait for its own end.
struct caller {
  std::shared_ptr<task_record> task;
  std::weak_ptr<runtime> env;

  bool is(const stop_request& x) const {
    return task && (x.id ? task->id == x.id : task->name == x.name);
  }

  bool belongs_to(const runtime& x) const { return env.lock().get() == &x; }
};

/// Empty on all other threads.
caller this_caller();

/// Marks this thread as running a job of the task.
class running_job {
public:
  running_job(std::shared_ptr<task_record> task, std::weak_ptr<runtime> env);
  running_job(const running_job&) = delete;
  running_job& operator=(const running_job&) = delete;
  ~running_job();
};

} // namespace taskvisor::detail
