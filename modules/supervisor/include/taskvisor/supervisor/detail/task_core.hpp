/// The part of a task actor that suspended coroutines see. Everything in here
/// runs inside that actor.
#pragma once

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/task_error.hpp"

#include <coroutine>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace taskvisor::detail {

class task_core;
struct runtime;

/// Names one suspension: messages for an older one find another key and are
/// ignored.
struct wake_token {
  std::uint64_t key = 0;
  std::uint32_t slot = 0;
};

/// One suspended await. Lives in the awaiting coroutine's frame; withdraws
/// itself when that frame is destroyed.
class leaf {
public:
  leaf() noexcept = default;
  leaf(leaf&& other) noexcept;
  leaf(const leaf&) = delete;
  leaf& operator=(leaf&&) = delete;
  leaf& operator=(const leaf&) = delete;

  bool waiting() const noexcept { return slot_ != no_slot; }
  std::uint64_t key() const noexcept { return key_; }

protected:
  virtual ~leaf();

  /// Enlists the suspended frame. False if the attempt is to stop already:
  /// the coroutine must not suspend then.
  template <class Promise>
  bool enlist(std::coroutine_handle<Promise> frame) {
    return enlist(frame, frame.promise().core, frame.promise().shielded);
  }

  wake_token token() const noexcept { return {key_, slot_}; }
  task_core& core() const noexcept { return *core_; }
  bool interrupted() const noexcept { return interrupted_; }

  /// Throws `stopped` if a stop ended the wait. Inline: each frame that the
  /// exception has to leave is a tenth of what a stop costs.
  void check_interrupted() const;

private:
  friend class task_core;

  static constexpr auto no_slot = std::numeric_limits<std::uint32_t>::max();

  bool enlist(std::coroutine_handle<> frame, task_core* core, bool shielded);

  /// The wait is over before its reason came: release what would still fire.
  virtual void on_withdrawn() noexcept {}

  /// Whether a stop does nothing here but throw.
  virtual bool throws_on_stop() const noexcept { return false; }

  /// A stop was requested. True: resume the coroutine now. False: the wait
  /// goes on, the one waited for was told.
  virtual bool on_stop() { return true; }

  /// The grace is over. True: the frame may be destroyed while it waits here.
  virtual bool on_abort() { return true; }

  task_core* core_ = nullptr;
  std::coroutine_handle<> frame_;
  std::uint64_t key_ = 0;
  std::uint32_t slot_ = no_slot;
  bool shielded_ = false;
  bool interrupted_ = false;
};

/// The suspensions of one task actor and what they need from it.
class task_core {
public:
  task_core() = default;
  task_core(const task_core&) = delete;
  task_core& operator=(const task_core&) = delete;

  stop_reason stopping() const noexcept { return stopping_; }

  /// Resumes the suspension that the token names; a stale one is ignored.
  /// Returns whether it was live.
  bool fire(wake_token token);

  /// The actor itself, as far as coroutines need it.
  virtual task_actor::pointer self() noexcept = 0;
  virtual task_actor handle() = 0;

  /// Asks for `wake` with this token after `delay`.
  virtual void arm(duration delay, wake_token token) = 0;
  virtual void disarm(std::uint64_t key) noexcept = 0;
  virtual runtime& env() noexcept = 0;

  /// The task that runs now; empty between two.
  virtual const std::shared_ptr<task_record>& record() const noexcept = 0;

  /// Marks this thread as running this task's code.
  class running {
  public:
    explicit running(task_core& core) noexcept;
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running();

  private:
    task_core* outer_;
  };

protected:
  virtual ~task_core() = default;

  void resume_frame(std::coroutine_handle<> frame);

  /// Interrupts every await that a stop interrupts.
  void request_stop(stop_reason reason);

  /// Whether the exception of a stop is all that the awaits would see of it.
  bool may_drop() const noexcept;

  /// Asks every await to give way; true if all frames may be destroyed.
  bool may_destroy();

  /// No attempt runs: forget the stop of the last one.
  void clear_stop() noexcept { stopping_ = stop_reason::none; }

  std::uint64_t next_key() noexcept { return ++last_key_; }

  /// The first slots belong to the actor's own timers.
  static constexpr std::uint32_t first_leaf_slot = 3;

  /// Sets where this actor's keys begin; they are unique in the supervisor.
  void start_keys_at(std::uint64_t base) noexcept { last_key_ = base; }

private:
  friend class leaf;

  /// A coroutine was resumed: see whether the attempt is over.
  virtual void on_resumed() = 0;

  void enlist(leaf& x);
  void delist(leaf& x) noexcept;
  leaf* find(wake_token token) noexcept;

  std::vector<leaf*> leaves_;
  std::uint64_t last_key_ = 0;
  stop_reason stopping_ = stop_reason::none;
};

inline void leaf::check_interrupted() const {
  if (interrupted_)
    throw stopped{core_->stopping()};
}

/// The task whose code runs on this thread now, if any.
task_core* current_task() noexcept;

/// Whether that task was told to stop, by a message it has yet to read.
bool stop_is_coming() noexcept;

} // namespace taskvisor::detail
