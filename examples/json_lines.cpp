// Writes what happens as JSON, one object a line, for programs to read:
//
//     json_lines | jq -r 'select(.level == "error") | "\(.task): \(.reason)"'
//
// or to a file, which it opens anew on SIGHUP, for logrotate:
//
//     json_lines events.jsonl
#include <taskvisor/subscribers/filters.hpp>
#include <taskvisor/subscribers/json_lines_subscriber.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <fmt/core.h>

#include <csignal>
#include <optional>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

std::optional<tv::line_file> file;

tv::attempt upload(tv::task_context& ctx) {
  co_await ctx.sleep_for(10ms);
  if (ctx.attempt() == 1)
    throw tv::fail("quota of \"eu-1\" exceeded").with_exit_code(75);
}

} // namespace

int main(int argc, char** argv) {
  auto sink = tv::stream_sink(stdout);
  if (argc > 1) {
    auto opened = tv::line_file::open(argv[1]);
    if (!opened) {
      fmt::print(stderr, "{}\n", tv::describe(opened.error()));
      return 2;
    }
    file = *opened;
    sink = file->sink();
    // taskvisor leaves SIGHUP alone; `reopen` may be called from a handler.
    std::signal(SIGHUP, [](int) { file->reopen(); });
  }
  tv::supervisor sup;
  tv::subscriber_options options;
  options.name = "json";
  options.blocking = true; // a pipe or a disk may be slow
  options.filter = tv::filters::none_of(
    {tv::filters::kinds({tv::event_kind::task_add_requested})});
  auto attached =
    tv::attach_subscriber(sup.system(), sup.shared_events(), options,
                          tv::json_lines_subscriber(std::move(sink)));
  if (!attached)
    return 2;
  auto backoff = tv::backoff_policy::constant(50ms);
  return sup
    .run({tv::task_spec::restartable("upload", upload).with_backoff(backoff)})
    .exit_code();
}
