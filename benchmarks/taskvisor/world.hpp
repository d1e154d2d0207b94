#pragma once

#include "signals.hpp"
#include "workload.hpp"

#include "taskvisor/subscribers/subscriber.hpp"
#include "taskvisor/supervisor/droppable.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bench {

namespace tv = taskvisor;
using namespace std::chrono_literals;

/// The name of the task number `i`.
std::string name_of(std::size_t i);

/// Ends at once.
tv::attempt instant(tv::task_context& ctx);

/// Sleeps for a day.
tv::attempt asleep(tv::task_context& ctx);

/// A task that runs once.
template <class F>
tv::task_spec once(std::size_t i, const F& body, bool droppable) {
  return droppable ? tv::task_spec::once(name_of(i), tv::droppable(body))
                   : tv::task_spec::once(name_of(i), body);
}

/// `config` with the threads that the options say.
tv::supervisor_config configured(const options& opts,
                                 tv::supervisor_config config = {});

/// A supervisor that serves.
struct world {
  explicit world(const options& opts, tv::supervisor_config config = {});

  /// Adds tasks that sleep for a day, and waits until all of them do.
  void add_sleepers(std::size_t n, bool droppable = false);

  tv::supervisor sup;
  tv::supervisor_handle handle;
};

/// Subscribers that count, and the wait for the last event. None is lost.
class counting_subscribers {
public:
  /// Each of `subscribers` is to see that many events.
  counting_subscribers(tv::supervisor& sup, std::size_t subscribers,
                       std::size_t events);

  /// Until every subscriber has seen them all. Throws `wrong_result`.
  void wait();

private:
  /// Outlives this object: the shutdown has events, too.
  struct counts {
    explicit counts(std::size_t n) : done(n), seen(n) {}

    countdown done;
    std::vector<std::size_t> seen;
  };

  std::shared_ptr<counts> counts_;
  std::vector<tv::subscription> subscriptions_;
};

/// What every one-shot task makes known if somebody listens: its add request
/// and its registration, its attempt's start and end, its end and its removal.
inline constexpr std::size_t events_of_one_shot = 6;

} // namespace bench
