#pragma once

#include "taskvisor/supervisor/supervisor.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace taskvisor::testing {

/// What one attempt of a scripted task does.
struct step {
  enum class what {
    ok,
    fail,
    /// Throws something that is not one of taskvisor's errors.
    throw_error,
    fatal,
    canceled,
    /// Succeeds after `after`.
    slow,
    /// Waits until it is stopped.
    hang,
    /// Ignores the stop: only the end of the grace ends it.
    ignore_stop,
  };

  what kind = what::ok;
  duration after{0};
};

/// A body that follows a script, one step an attempt; the last step repeats.
/// Copies share the number of attempts made.
class scripted_task {
public:
  explicit scripted_task(std::vector<step> steps)
    : script_(std::make_shared<const std::vector<step>>(std::move(steps))) {
    if (script_->empty())
      throw std::invalid_argument{"scripted_task: steps = 0: at least 1"};
  }

  attempt operator()(task_context& ctx) const { return play(ctx, script_); }

private:
  using script = std::shared_ptr<const std::vector<step>>;

  static attempt play(task_context& ctx, script steps) {
    auto index = static_cast<std::size_t>(ctx.attempt()) - 1;
    auto now = (*steps)[std::min(index, steps->size() - 1)];
    switch (now.kind) {
      case step::what::ok:
        break;
      case step::what::fail:
        throw taskvisor::fail{"scripted failure"};
      case step::what::throw_error:
        throw std::runtime_error{"scripted error"};
      case step::what::fatal:
        throw taskvisor::fatal{"scripted fatality"};
      case step::what::canceled:
        throw taskvisor::canceled{};
      case step::what::slow:
        co_await ctx.sleep_for(now.after);
        break;
      case step::what::hang:
        co_await ctx.until_stopped();
        break;
      case step::what::ignore_stop: {
        auto cleanup = endless(ctx);
        co_await ctx.shielded(std::move(cleanup));
        break;
      }
    }
  }

  static attempt endless(task_context& ctx) {
    for (;;)
      co_await ctx.sleep_for(std::chrono::hours{1});
  }

  script script_;
};

} // namespace taskvisor::testing
