#include "seed_controller.hpp"

#include "sampling.hpp"
#include "world.hpp"

#include "taskvisor/controller/controller.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace bench {

namespace {

tv::attempt short_sleep(tv::task_context& ctx) {
  co_await ctx.try_sleep_for(5ms);
}

/// A supervisor and its controller, as the seed has them.
struct front {
  explicit front(const options& opts, std::size_t capacity = 1024)
    : w(opts, tv::supervisor_config{}.with_grace(5s)),
      ctrl(attach(w, capacity)) {}

  static tv::controller attach(const world& w, std::size_t capacity) {
    auto config = tv::controller_config{}.with_queue_capacity(capacity);
    auto attached = tv::controller::attach(w.handle, config);
    require(static_cast<bool>(attached), "no controller was attached");
    return *attached;
  }

  world w;
  tv::controller ctrl;
};

/// A subscriber that waits for that many removals.
std::shared_ptr<countdown> await_removals(world& w, std::size_t n) {
  auto removed = std::make_shared<countdown>(n);
  auto is_removal = [](const tv::event& x) {
    return x.kind == tv::event_kind::task_removed;
  };
  auto attached =
    tv::attach_subscriber(w.sup.system(), w.sup.shared_events(),
                          {.capacity = 65536, .filter = is_removal},
                          [removed](const tv::event&) { removed->arrive(); });
  require(static_cast<bool>(attached), "a subscriber was refused");
  return removed;
}

/// From the first submission until a subscriber has seen the last removal.
measurement until_removed(const options& opts, std::size_t slots) {
  auto n = opts.n();
  return median_of(10, [&] {
    front f{opts};
    auto removed = await_removals(f.w, n);
    section timed;
    for (std::size_t i = 0; i < n; ++i) {
      auto task = tv::task_spec::once(name_of(i), instant);
      auto slot = fmt::format("s{}", i % slots);
      require(
        static_cast<bool>(
          f.ctrl.submit(tv::submission::queue(task).with_slot(slot)).get()),
        "a submission was not taken");
    }
    removed->wait();
    return timed.end(n);
  });
}

measurement queue(const options& opts) {
  return until_removed(opts, 1);
}

measurement multi_slot(const options& opts) {
  return until_removed(opts, 8);
}

/// The submissions only: each is awaited, what follows is not.
measurement submit_all(const options& opts, tv::admission_policy policy) {
  return median_of(10, [&] {
    front f{opts};
    section timed;
    for (std::size_t i = 0; i < opts.n(); ++i) {
      auto task = tv::task_spec::once(name_of(i), short_sleep);
      require(
        static_cast<bool>(
          f.ctrl.submit(tv::submission{policy, task}.with_slot("s")).get()),
        "a submission was not taken");
    }
    return timed.end(opts.n());
  });
}

measurement replace(const options& opts) {
  return submit_all(opts, tv::admission_policy::replace);
}

measurement drop_if_running(const options& opts) {
  return submit_all(opts, tv::admission_policy::drop_if_running);
}

/// Calls that wait for nothing; their results are ignored.
measurement submit_hotpath(const options& opts) {
  auto n = opts.n();
  auto task = tv::task_spec::once("t", instant);
  return median_of(20, [&] {
    front f{opts, std::max<std::size_t>(n, 1024)};
    section timed;
    for (std::size_t i = 0; i < n; ++i)
      static_cast<void>(
        f.ctrl.try_submit(tv::submission::drop_if_running(task)));
    return timed.end(n);
  });
}

} // namespace

workloads seed_controller_group() {
  return {
    {"seed_controller_queue", {}, queue, false},
    {"seed_controller_multi_slot", {}, multi_slot, false},
    {"seed_controller_replace", {}, replace, false},
    {"seed_controller_drop_if_running", {}, drop_if_running, false},
    {"seed_controller_submit_hotpath", {}, submit_hotpath, false},
  };
}

} // namespace bench
