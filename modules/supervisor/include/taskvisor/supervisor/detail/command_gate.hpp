#pragma once

#include "taskvisor/events/error.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
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

/// What asks for a place in the queue. It is done once, one way or the other.
class command {
public:
  virtual ~command() = default;

  /// Runs under the gate's lock. The credit goes back when the receiver drops
  /// it.
  virtual void send(command_credit credit) = 0;

  virtual void refuse(caf::error why) = 0;
};

/// A request with its ways through a gate, in one allocation: many may wait.
template <class Request, class Send, class Refuse>
class gated_request final
  : public Request,
    public command,
    public std::enable_shared_from_this<gated_request<Request, Send, Refuse>> {
public:
  template <class... Ts>
  gated_request(Send send, Refuse refuse, Ts&&... xs)
    : Request{std::forward<Ts>(xs)...},
      send_(std::move(send)),
      refuse_(std::move(refuse)) {}

  void send(command_credit place) override {
    this->credit = std::move(place);
    send_(std::shared_ptr<Request>{this->shared_from_this()});
  }

  void refuse(caf::error why) override { refuse_(*this, std::move(why)); }

private:
  Send send_;
  Refuse refuse_;
};

/// `send(std::shared_ptr<Request>)` makes it a message, `refuse(Request&,
/// caf::error)` answers it instead; the rest is for the request itself.
template <class Request, class Send, class Refuse, class... Ts>
auto make_gated(Send send, Refuse refuse, Ts&&... xs) {
  return std::make_shared<gated_request<Request, Send, Refuse>>(
    std::move(send), std::move(refuse), std::forward<Ts>(xs)...);
}

/// Whether a command waits for a place in the queue or is refused without one.
enum class when_full : std::uint8_t { wait, refuse };

/// The way into the registry or the controller: bounds the commands in the
/// mailbox by credits and closes for good at shutdown. What passed before the
/// close is in the mailbox before anything that is sent after it. Any thread.
class command_gate : public std::enable_shared_from_this<command_gate> {
public:
  explicit command_gate(std::size_t capacity) : capacity_(capacity) {}

  /// Sends now. Without a place: when one comes back, or refuses with
  /// `command_queue_full`.
  void enter(std::shared_ptr<command> x, when_full full);

  /// Refuses all that wait and all that come with `shutting_down`.
  void close();

  bool closed() const;

private:
  friend class command_credit;

  command_credit make_credit() { return command_credit{shared_from_this()}; }
  void give_back();

  std::size_t capacity_;
  mutable std::mutex mutex_;
  std::size_t used_ = 0;
  bool closed_ = false;
  /// Somebody lets waiting commands in: a credit that comes back meanwhile,
  /// also from inside that, is seen there.
  bool passing_ = false;
  std::deque<std::shared_ptr<command>> waiting_;
};

} // namespace taskvisor::detail
