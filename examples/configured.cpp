// A program that is configured by CAF's config file and command line: try
// `configured --help`, `configured --taskvisor.defaults.restart=never`.
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

namespace tv = taskvisor;
using namespace std::chrono_literals;

void fetch(tv::task_context& ctx) {
  fmt::print("{}: attempt {}\n", ctx.name(), ctx.attempt());
  if (ctx.attempt() == 1)
    throw tv::fail("connection refused");
}

int main(int argc, char** argv) {
  tv::system_config options;
  // The file need not exist; `--config-file` names another one, which must.
  if (auto err = options.parse(argc, argv, "configured.conf")) {
    fmt::print(stderr, "{}\n", tv::describe(err));
    return 2;
  }
  if (options.helptext_printed())
    return 0;
  // The second argument is what holds where the user says nothing.
  auto config =
    tv::read_config(options, tv::supervisor_config{}.with_grace(10s));
  if (!config) {
    fmt::print(stderr, "{}\n", tv::describe(config.error()));
    return 2;
  }
  fmt::print("{}", tv::dump(*config)); // may be used as a config file
  tv::supervisor sup{*config};         // and with it CAF's own options
  auto result = sup.run({tv::task_spec{"fetch", fetch}}); // inherits policies
  fmt::print("{}\n", to_string(result));
  return result.exit_code();
}
