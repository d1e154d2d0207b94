// A supervised program that signal_shutdown_test starts and sends signals to:
//
//     signal_program <mode> [grace] [subscriber grace]     (milliseconds)
//
// It prints its events, `ready` once the tasks of the mode run, and at last
// `ended: <result>`. SIGUSR1 lets the task of the mode `lingering` finish.
#include "taskvisor/subscribers/log_subscriber.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;

namespace {

std::atomic<int> may_finish{0};
static_assert(std::atomic<int>::is_always_lock_free);

std::atomic<int> not_running{0};

void say(std::string text) {
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void runs() {
  if (--not_running == 0) {
    say("ready");
    not_running.notify_all();
  }
}

tv::attempt cooperates(tv::task_context& ctx) {
  runs();
  co_await ctx.sleep_for(1h);
}

tv::attempt ignores_its_stop(tv::task_context& ctx) {
  runs();
  co_await ctx.shielded(
    [](tv::task_context& c) -> tv::coro<> { co_await c.sleep_for(1h); }(ctx));
}

tv::attempt lingers(tv::task_context& ctx) {
  runs();
  co_await ctx.shielded([](tv::task_context& c) -> tv::coro<> {
    while (may_finish == 0)
      co_await c.sleep_for(5ms);
  }(ctx));
}

void computes(tv::task_context&) {
  runs();
  for (std::atomic<unsigned> step{0};;)
    ++step;
}

tv::task_spec once(std::string name, tv::attempt (*body)(tv::task_context&)) {
  return tv::task_spec::once(std::move(name), body);
}

std::vector<tv::task_spec> tasks_of(std::string_view mode) {
  if (mode == "ignoring")
    return {once("polite", cooperates), once("stubborn", ignores_its_stop)};
  if (mode == "lingering")
    return {once("polite", cooperates), once("lingerer", lingers)};
  if (mode == "computing")
    return {once("polite", cooperates), tv::task_spec::once("loop", computes)};
  if (mode == "holding")
    return {tv::task_spec::once("hold-1", computes),
            tv::task_spec::once("hold-2", computes)};
  return {once("polite-1", cooperates), once("polite-2", cooperates),
          once("polite-3", cooperates)};
}

tv::duration argument(int count, char** values, int at, tv::duration fallback) {
  if (at >= count)
    return fallback;
  return std::chrono::milliseconds{std::atoi(values[at])};
}

void listen(tv::supervisor& sup, std::string name, tv::event_callback what) {
  tv::subscriber_options options;
  options.name = std::move(name);
  options.blocking = true;
  if (!tv::attach_subscriber(sup.system(), sup.shared_events(), options,
                             std::move(what)))
    std::abort();
}

/// Never comes back from the event that closes a shutdown.
void hang_at_the_verdict(const tv::event& x) {
  if (x.kind == tv::event_kind::all_stopped_within_grace
      || x.kind == tv::event_kind::grace_exceeded)
    for (;;)
      ::pause();
}

/// Two signals that the kernel cannot merge: `raise` returns after the handler.
void interrupt_twice() {
  for (auto left = not_running.load(); left != 0; left = not_running)
    not_running.wait(left);
  std::raise(SIGINT);
  std::raise(SIGINT);
}

} // namespace

int main(int argc, char** argv) {
  std::string_view mode = argc > 1 ? argv[1] : "cooperative";
  std::signal(SIGUSR1, [](int) { may_finish = 1; });
  say("started");
  // The parent has blocked it: it waits until somebody takes it.
  if (mode == "early")
    ::kill(::getpid(), SIGTERM);
  auto tasks = tasks_of(mode.substr(0, mode.find('+')));
  not_running = static_cast<int>(tasks.size());
  if (mode.ends_with("+two_interrupts"))
    std::thread{interrupt_twice}.detach();
  tv::supervisor sup{tv::supervisor_config{}
                       .with_grace(argument(argc, argv, 2, 60s))
                       .with_subscriber_grace(argument(argc, argv, 3, 60s))
                       .with_worker_threads(2)};
  listen(sup, "log", tv::log_subscriber());
  if (mode.ends_with("+stuck_subscriber"))
    listen(sup, "stuck", hang_at_the_verdict);
  auto result = sup.run(std::move(tasks));
  say("ended: " + to_string(result));
  return result.exit_code();
}
