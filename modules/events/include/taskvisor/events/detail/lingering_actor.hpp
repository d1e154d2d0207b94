#pragma once

#include "taskvisor/events/detail/caf_compat.hpp"

#include <chrono>
#include <cstddef>
#include <thread>

namespace taskvisor::detail {

inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// Looks for `done()` for a moment: to put a thread to sleep and to wake it
/// costs more. Does not give way: whoever else wants the processor would have
/// it for milliseconds.
template <class Done>
void spin_until(Done done) {
  using clock = std::chrono::steady_clock;
  static const bool alone = std::thread::hardware_concurrency() < 2;
  if (alone)
    return;
  auto end = clock::now() + std::chrono::microseconds{10};
  do {
    for (int i = 0; i < 32; ++i)
      if (done())
        return;
      else
        cpu_pause();
  } while (clock::now() < end);
}

/// An actor with a thread of its own that stays awake for a moment when its
/// mailbox is empty. Without one it is as its base.
template <class Base>
class lingering_actor : public Base {
public:
  using Base::Base;

  caf::resumable::resume_result resume(resume_context* context,
                                       std::size_t max_throughput) override {
    auto result = Base::resume(context, max_throughput);
    // Without a thread of its own another one may run this actor by now.
    if (result != caf::resumable::awaiting_message || !has_thread())
      return result;
    on_idle();
    spin_until([this] { return !this->mailbox().blocked(); });
    return result;
  }

protected:
  bool has_thread() const {
    return this->getf(caf::abstract_actor::is_detached_flag);
  }

private:
  /// The mailbox is empty. Only called if the actor has a thread of its own.
  virtual void on_idle() {}
};

} // namespace taskvisor::detail
