// A small monitoring service: watches files and directories for changes and
// TCP endpoints for being up, each by a task of its own. A check that fails is
// retried with growing pauses, everything is logged, and Ctrl-C stops it.
#include "watch_checks.hpp"
#include "watch_demo.hpp"
#include "watch_options.hpp"

#include <taskvisor/subscribers/log_subscriber.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

namespace tv = taskvisor;
using namespace std::chrono_literals;

// A body may be any object that can be called. It lives as long as its task,
// so what one attempt stores the next one finds.
struct watch_path {
  std::filesystem::path path;
  std::optional<stamp> last;

  tv::attempt operator()(tv::task_context& ctx) {
    // Blocking calls go to the supervisor's threads. What they throw is thrown
    // here, and ends this attempt as a failure.
    auto now = co_await ctx.offload(read_stamp, path);
    if (last && *last != now)
      fmt::print("{} has changed, size {}\n", path.string(), now.size);
    last = now;
  }
};

struct check_endpoint {
  endpoint to;

  tv::attempt operator()(tv::task_context& ctx) {
    auto took = co_await ctx.offload(try_connect, to);
    fmt::print("{}:{} is up, {} us\n", to.host, to.port, took.count());
  }
};

tv::task_spec spec_of(const target& x, tv::duration every) {
  if (auto* path = std::get_if<std::filesystem::path>(&x))
    return tv::task_spec::periodic("path " + path->string(), every,
                                   watch_path{*path, {}});
  const auto& to = std::get<endpoint>(x);
  return tv::task_spec::periodic(fmt::format("tcp {}:{}", to.host, to.port),
                                 every, check_endpoint{to});
}

int serve(const watch_options& options) {
  tv::supervisor sup{tv::supervisor_config{}.with_grace(5s)};
  auto handle = sup.serve();
  auto log = tv::attach_subscriber(sup.system(), sup.shared_events(), {},
                                   tv::log_subscriber(stdout));
  if (!handle || !log)
    return 1;
  std::vector<tv::task_spec> specs;
  std::optional<watch_demo> demo;
  auto targets = options.targets;
  if (targets.empty()) {
    targets = demo.emplace().targets();
    specs.push_back(demo->writer());
  }
  auto backoff = tv::backoff_policy::exponential(200ms).with_max(10s);
  for (const auto& x : targets)
    specs.push_back(spec_of(x, options.every)
                      .with_backoff(backoff.with_jitter(tv::jitter::equal))
                      .with_timeout(5s));
  if (options.stop_after)
    specs.push_back(
      tv::task_spec::once("stop",
                          [handle = *handle, after = *options.stop_after](
                            tv::task_context& ctx) -> tv::attempt {
                            co_await ctx.sleep_for(after);
                            co_await handle.shutdown();
                          }));
  // Returns at Ctrl-C or after the shutdown; every task has ended then.
  auto result = sup.run(std::move(specs));
  fmt::print("{}\n", to_string(result));
  return result.exit_code();
}

int main(int argc, char** argv) try {
  auto options = parse_options({argv + 1, argv + argc});
  if (!options.help)
    return serve(options);
  fmt::print("{}", usage_text.substr(1));
} catch (const usage_error& x) {
  fmt::print(stderr, "watch_service: {}\n{}", x.what(), usage_text);
  return 2;
} catch (const std::exception& x) {
  fmt::print(stderr, "watch_service: {}\n", x.what());
  return 1;
}
