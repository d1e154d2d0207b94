// Serves the metrics of a few tasks over HTTP until it gets Ctrl-C:
//
//     metrics [port]        9464 if none is given, 0 takes a free one
//
// Beside it, in the folder `metrics`, lie a configuration of Prometheus that
// scrapes it, alert rules, and a dashboard for Grafana.
#include <taskvisor/metrics_http/metrics_server.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

tv::attempt poll(tv::task_context& ctx) {
  co_await ctx.sleep_for(20ms);
}

tv::attempt fetch(tv::task_context& ctx) {
  co_await ctx.sleep_for(5ms);
  if (ctx.attempt() % 3 != 0)
    throw tv::fail("connection refused");
}

/// Sessions have a name each, but one label: `session-17` counts as `session`.
std::string group_of(std::string_view name) {
  return std::string{name.substr(0, name.find('-'))};
}

} // namespace

int main(int argc, char** argv) {
  tv::supervisor sup;
  auto metrics = tv::metrics_subscriber::make({.task_group = group_of});
  if (!metrics)
    return 2;
  auto attached = metrics->attach_to(sup.system(), sup.shared_events());
  if (!attached)
    return 2;
  tv::metrics_server_options options;
  if (argc > 1)
    options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  auto server = tv::metrics_server::start(*metrics, options);
  if (!server) { // the port is taken, say
    fmt::print(stderr, "{}\n", tv::describe(server.error()));
    return 2;
  }
  fmt::print("http://127.0.0.1:{}/metrics\n", server->port());
  std::fflush(stdout);
  auto restart = tv::restart_policy::always(100ms);
  auto backoff = tv::backoff_policy::exponential(50ms).with_max(1s);
  auto result = sup.run({tv::task_spec::periodic("poll", 200ms, poll),
                         tv::task_spec::once("fetch", fetch)
                           .with_restart(restart)
                           .with_backoff(backoff),
                         tv::task_spec::periodic("session-1", 300ms, poll),
                         tv::task_spec::periodic("session-2", 300ms, poll)});
  // What was counted can still be read, here without HTTP.
  auto text = metrics->text(tv::metrics_format::prometheus);
  auto from = text.find("taskvisor_attempts_started_total{task=\"session\"}");
  fmt::print("{}\n{}\n", text.substr(from, text.find('\n', from) - from),
             to_string(result));
  return result.exit_code();
}
