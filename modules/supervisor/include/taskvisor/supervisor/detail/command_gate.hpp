#pragma once

#include "taskvisor/events/error.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace taskvisor::detail {

class command_gate;

/// A place in the queue; goes back when it ends.
class command_credit {
public:
  command_credit() noexcept = default;
  explicit command_credit(std::shared_ptr<command_gate> gate) noexcept
    : gate_(std::move(gate)) {}
  command_credit(command_credit&&) noexcept = default;
  command_credit& operator=(command_credit&& other) noexcept {
    reset();
    gate_ = std::move(other.gate_);
    return *this;
  }
  ~command_credit() { reset(); }

  void reset() noexcept {
    if (gate_)
      give_back();
  }

private:
  void give_back() noexcept;

  std::shared_ptr<command_gate> gate_;
};

/// The way into the registry or the controller: bounds the commands in the
/// mailbox by credits and closes for good at shutdown. What passed before the
/// close is in the mailbox before anything that is sent after it. Any thread.
class command_gate : public std::enable_shared_from_this<command_gate> {
public:
  struct command {
    /// Sends; runs under the gate's lock. The credit goes back when the
    /// receiver drops it.
    std::function<void(command_credit)> send;
    /// Called instead, once, with the reason.
    std::function<void(caf::error)> refuse;
  };

  explicit command_gate(std::size_t capacity) : capacity_(capacity) {}

  /// Sends now or, without a credit, when one comes back.
  void enter(command x);

  /// Sends now or refuses with `command_queue_full`.
  void try_enter(command x);

  /// Refuses all that wait and all that come with `shutting_down`.
  void close();

  bool closed() const;

private:
  friend class command_credit;

  command_credit make_credit() { return command_credit{shared_from_this()}; }
  void give_back();
  void pass(command x, bool may_wait);

  std::size_t capacity_;
  mutable std::mutex mutex_;
  std::size_t used_ = 0;
  bool closed_ = false;
  /// Somebody lets waiting commands in: a credit that comes back meanwhile,
  /// also from inside that, is seen there.
  bool passing_ = false;
  std::deque<command> waiting_;
};

} // namespace taskvisor::detail
