/// What a measuring thread waits on. Not `std::counting_semaphore`: that of
/// g++ 12.2 can miss a wake-up.
#pragma once

#include <atomic>
#include <cstddef>
#include <semaphore.h>

namespace bench {

class semaphore {
public:
  explicit semaphore(unsigned count = 0) { sem_init(&sem_, 0, count); }
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;
  ~semaphore() { sem_destroy(&sem_); }

  void post() { sem_post(&sem_); }
  void wait() {
    while (sem_wait(&sem_) != 0) {
      // a signal's handler ran
    }
  }

private:
  sem_t sem_;
};

/// Lets one thread wait until `count` arrivals came, from any threads.
class countdown {
public:
  explicit countdown(std::size_t count) : left_(count) {
    if (count == 0)
      done_.post();
  }

  void arrive() {
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      done_.post();
  }

  /// Once.
  void wait() { done_.wait(); }

private:
  std::atomic<std::size_t> left_;
  semaphore done_;
};

} // namespace bench
