#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace taskvisor::detail {

/// A bounded number of threads for blocking functions: never a CAF worker.
/// Threads start when first needed and are never joined: a function that does
/// not return must not hold up the end of the process. They own what they use.
class blocking_pool {
public:
  explicit blocking_pool(std::size_t limit);
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  /// Queued jobs are dropped, idle threads end; running jobs run on.
  ~blocking_pool();

  /// Runs the job when a thread is free, in order. It must not throw.
  void submit(std::function<void()> job);

private:
  struct shared {
    mutable std::mutex mutex;
    std::condition_variable wanted;
    std::deque<std::function<void()>> jobs;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool closed = false;
  };

  static void work(const std::shared_ptr<shared>& state);

  std::size_t limit_;
  std::shared_ptr<shared> state_ = std::make_shared<shared>();
};

} // namespace taskvisor::detail
