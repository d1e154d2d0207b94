#include "world.hpp"

#include <fmt/core.h>

#include <utility>

namespace bench {

namespace {

tv::supervisor_handle serve(tv::supervisor& sup) {
  auto handle = sup.serve();
  require(static_cast<bool>(handle), "the supervisor did not start");
  return *handle;
}

} // namespace

std::string name_of(std::size_t i) {
  return fmt::format("t{}", i);
}

tv::attempt instant(tv::task_context&) {
  co_return;
}

tv::attempt asleep(tv::task_context& ctx) {
  co_await ctx.sleep_for(24h);
}

tv::supervisor_config configured(const options& opts,
                                 tv::supervisor_config config) {
  return config.with_worker_threads(opts.workers())
    .with_dedicated_threads(opts.one_of("dedicated", {"yes", "no"}) == "yes");
}

world::world(const options& opts, tv::supervisor_config config)
  : sup(configured(opts, std::move(config))), handle(serve(sup)) {}

void world::add_sleepers(std::size_t n, bool droppable) {
  countdown ready{n};
  auto body = [&ready](tv::task_context& ctx) -> tv::attempt {
    ready.arrive();
    co_await ctx.sleep_for(24h);
  };
  std::vector<tv::pending<tv::task_id>> added;
  added.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    added.push_back(handle.add(once(i, body, droppable)));
  for (auto& x : added)
    require(static_cast<bool>(x.get()), "a task was not added");
  ready.wait();
}

counting_subscribers::counting_subscribers(tv::supervisor& sup,
                                           std::size_t subscribers,
                                           std::size_t events)
  : counts_(std::make_shared<counts>(subscribers)) {
  for (std::size_t i = 0; i < subscribers; ++i) {
    auto count = [to = counts_, i, events](const tv::event&) {
      if (++to->seen[i] == events)
        to->done.arrive();
    };
    auto attached = tv::attach_subscriber(sup.system(), sup.shared_events(),
                                          {.capacity = events + 16}, count);
    require(static_cast<bool>(attached), "a subscriber was refused");
    subscriptions_.push_back(*attached);
  }
}

void counting_subscribers::wait() {
  counts_->done.wait();
  for (const auto& x : subscriptions_)
    require_count(x.lost(), 0, "events lost");
}

} // namespace bench
