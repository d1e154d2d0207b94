#include "signal_gate.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

namespace taskvisor::detail {

namespace {

/// Where the handler writes; -1 while no gate is open.
std::atomic<int> pipe_end{-1};
static_assert(std::atomic<int>::is_always_lock_free);

constexpr unsigned char close_byte = 0;

extern "C" void taskvisor_on_signal(int number) {
  auto saved = errno;
  auto end = pipe_end.load(std::memory_order_relaxed);
  if (end >= 0) {
    auto byte = static_cast<unsigned char>(number);
    // A full pipe means that thousands of signals wait already.
    [[maybe_unused]] auto written = ::write(end, &byte, 1);
  }
  errno = saved;
}

void wait_for_signals(int read_end, const signal_gate::callback& arrived) {
  // One thread that takes them, even if the host has blocked them everywhere,
  // or was started with them blocked.
  auto set = termination_set();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  pollfd end{read_end, POLLIN, 0};
  for (;;) {
    // The thread sanitizer of g++ 12 runs no handler during a `read`.
    if (::poll(&end, 1, -1) < 0 && errno == EINTR)
      continue;
    unsigned char byte = close_byte;
    if (::read(read_end, &byte, 1) != 1 || byte == close_byte)
      return;
    arrived(byte);
  }
}

std::error_code last_error() {
  return {errno, std::system_category()};
}

} // namespace

std::unique_ptr<signal_gate> signal_gate::open(callback arrived,
                                               std::error_code& error) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    error = last_error();
    return nullptr;
  }
  int closed = -1;
  if (!pipe_end.compare_exchange_strong(closed, ends[1])) {
    ::close(ends[0]);
    ::close(ends[1]);
    error = std::make_error_code(std::errc::device_or_resource_busy);
    return nullptr;
  }
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  std::unique_ptr<signal_gate> gate{new signal_gate};
  gate->read_end_ = ends[0];
  gate->write_end_ = ends[1];
  struct sigaction action = {};
  action.sa_handler = taskvisor_on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < termination_signals.size(); ++i)
    ::sigaction(termination_signals[i], &action, &gate->before_[i]);
  // Only now: a signal that was pending must find the handler.
  gate->waiter_ = std::thread{
    [end = ends[0], fn = std::move(arrived)] { wait_for_signals(end, fn); }};
  return gate;
}

signal_gate::~signal_gate() {
  for (std::size_t i = 0; i < termination_signals.size(); ++i)
    ::sigaction(termination_signals[i], &before_[i], nullptr);
  pipe_end.store(-1, std::memory_order_relaxed);
  [[maybe_unused]] auto written = ::write(write_end_, &close_byte, 1);
  if (waiter_.joinable())
    waiter_.join();
  ::close(read_end_);
  ::close(write_end_);
}

} // namespace taskvisor::detail
