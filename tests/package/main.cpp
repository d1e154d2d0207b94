#include <taskvisor/events/version.hpp>
#include <taskvisor/subscribers/log_subscriber.hpp>
#include <taskvisor/supervisor/supervisor.hpp>

#include <string_view>

namespace tv = taskvisor;

// What a consumer links is what it runs: one supervised task, logged.
int main(int argc, char** argv) {
  if (argc != 2 || tv::version() != std::string_view{argv[1]})
    return 5;
  tv::supervisor sup;
  tv::subscriber_options options;
  options.name = "log";
  auto log = tv::attach_subscriber(sup.system(), sup.shared_events(), options,
                                   tv::log_subscriber());
  if (!log)
    return 4;
  auto result = sup.run(
    {tv::task_spec::once("hello", [](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.sleep_for(std::chrono::milliseconds{1});
    })});
  return result.exit_code();
}
