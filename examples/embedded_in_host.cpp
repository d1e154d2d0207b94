// A CAF application embeds a supervisor: its own actors are the tasks, and one
// of its actors is the client, by messages alone. No signal is taken, and the
// host's system lives on when the supervisor is gone.
#include <taskvisor/supervisor/actor_task.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <fmt/core.h>

#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

/// An actor of the host, as it was before taskvisor: ends when its input is
/// used up, and with an error on bad input.
caf::behavior parser(caf::event_based_actor* self, int lines) {
  if (lines > 0)
    self->quit();
  else
    self->quit(caf::make_error(caf::sec::invalid_argument));
  return {};
}

tv::task_spec parse(const std::string& file, int lines) {
  auto make = [lines](caf::actor_system& sys) {
    return sys.spawn(parser, lines);
  };
  return tv::task_spec::once(file, tv::actor_task(make));
}

/// The host's client: has two files parsed, one after the other.
caf::behavior client(caf::event_based_actor* self,
                     const tv::manager_actor& manager) {
  auto begin = [=](const std::string& file, int lines) {
    // The reply is the id; how the task ended comes as a message of its own.
    tv::ask(self, manager, tv::watch_task{parse(file, lines)})
      .then([file](tv::task_id) { fmt::print("{} is registered\n", file); });
  };
  begin("good.csv", 3);
  return {
    [=](const tv::task_outcome& x) {
      fmt::print("{}\n", label(x.result.kind));
      if (x.result.is_success())
        begin("empty.csv", 0);
      else
        self->quit();
    },
  };
}

} // namespace

int main() {
  tv::system_config config; // or your own: see system_config.hpp
  caf::actor_system host{config};
  {
    tv::supervisor sup{host, tv::supervisor_config{}.with_grace(2s)};
    auto handle = sup.serve();
    if (!handle)
      return 1;
    caf::scoped_actor self{host};
    self->wait_for(host.spawn(client, handle->actor()));
  } // stops what still runs
  fmt::print("the host goes on\n");
}
