#include "caller.hpp"

#include "taskvisor/supervisor/detail/offload.hpp"

#include <utility>

namespace taskvisor::detail {

namespace {

thread_local caller job_on_this_thread;

/// False if the registry has ended the task meanwhile.
bool get_thread(const runtime& env, task_record& task) {
  env.change(task,
             [&env](task_progress& x) { return x.leave_queue(env.now()); });
  return !task.status.with(
    [](const task_progress& x) { return x.withdrawn(); });
}

} // namespace

caller this_caller() {
  if (auto* core = current_task())
    return {core->record(), core->env().weak_from_this()};
  return job_on_this_thread;
}

running_job::running_job(std::shared_ptr<task_record> task,
                         std::weak_ptr<runtime> env) {
  job_on_this_thread = {std::move(task), std::move(env)};
}

running_job::~running_job() {
  job_on_this_thread = {};
}

std::shared_ptr<job_ticket> run_blocking(task_core& core, job_role role,
                                         std::function<void()> job) {
  auto ticket = std::make_shared<job_ticket>();
  auto& env = core.env();
  auto task = core.record();
  auto whole = role == job_role::whole_attempt;
  if (whole)
    env.change(
      *task, [&env](task_progress& x) { return x.wait_for_thread(env.now()); });
  // The pool is the runtime's: its jobs must not hold it.
  auto back = env.weak_from_this();
  env.pool.submit([ticket, task, whole, back, run = std::move(job)]() mutable {
    if (!ticket->take())
      return;
    auto shared = back.lock();
    if (!shared || (whole && !get_thread(*shared, *task)))
      return;
    shared.reset(); // a function that never returns must not hold it
    running_job mark{std::move(task), std::move(back)};
    run();
  });
  return ticket;
}

} // namespace taskvisor::detail
