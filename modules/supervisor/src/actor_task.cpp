#include "taskvisor/supervisor/actor_task.hpp"

#include "taskvisor/events/error.hpp"

namespace taskvisor::detail {

actor_leaf::~actor_leaf() {
  // The task's actor is gone, and with it whoever would end this one.
  if (waiting())
    caf::anon_send_exit(who_, caf::exit_reason::kill);
}

void actor_leaf::watch() {
  who_->attach_functor([reason = reason_, back = core().handle(),
                        at = token()](const caf::error& x) {
    *reason = x;
    post(back, wake{at.key, at.slot});
  });
}

void actor_leaf::await_resume() {
  check_interrupted();
  if (!*reason_)
    return;
  if (told_)
    throw stopped{core().stopping()};
  throw fail{"the actor ended: " + describe(*reason_)};
}

bool actor_leaf::on_stop() {
  told_ = true;
  caf::anon_send_exit(who_, caf::exit_reason::user_shutdown);
  return false;
}

bool actor_leaf::on_abort() {
  told_ = true;
  caf::anon_send_exit(who_, caf::exit_reason::kill);
  return false;
}

} // namespace taskvisor::detail
