#pragma once

#include "taskvisor/supervisor/supervisor.hpp"
#include "taskvisor/testing/event_recorder.hpp"
#include "taskvisor/testing/manual_system.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace taskvisor::testing {

/// A supervisor on virtual time: nothing runs and no time passes until the
/// test says so, then everything runs in one order. One thread only. Its end
/// is a check: see `actors_left`.
class virtual_world {
public:
  /// `config` as given, but with a fixed seed if it has none, and without
  /// threads of its own.
  explicit virtual_world(supervisor_config config = {})
    : supervisor_(
      std::make_unique<supervisor>(system_.actors(), adapted(config))) {
    recorder_.attach_to(system_.actors(), supervisor_->events());
    auto handle = supervisor_->serve();
    if (!handle)
      throw std::invalid_argument{describe(handle.error())};
    handle_.emplace(std::move(*handle));
    run();
  }

  virtual_world(const virtual_world&) = delete;
  virtual_world& operator=(const virtual_world&) = delete;

  ~virtual_world() { close(); }

  supervisor_handle& handle() { return *handle_; }
  caf::actor_system& system() { return system_.actors(); }
  event_recorder& events() { return recorder_; }

  /// Where further subscribers are attached.
  event_publisher& publisher() { return supervisor_->events(); }
  std::shared_ptr<event_publisher> shared_publisher() {
    return supervisor_->shared_events();
  }

  /// Runs all actors until none has anything to do. No time passes.
  void run() { system_.run(); }

  /// Lets time pass, stopping at each deadline on the way to run everything.
  void advance(duration d) { system_.advance(d); }

  /// Virtual time since the world began.
  duration elapsed() const { return system_.elapsed(); }

  /// Adds a task; throws `std::invalid_argument` if it is refused.
  task_id add(task_spec spec) {
    auto result = wait(handle_->add(std::move(spec)));
    if (!result)
      throw std::invalid_argument{describe(result.error())};
    return *result;
  }

  /// Adds a task and gives the way to its outcome.
  watched_task watch(task_spec spec) {
    auto result = wait(handle_->add_and_watch(std::move(spec)));
    if (!result)
      throw std::invalid_argument{describe(result.error())};
    return *result;
  }

  /// Runs, without letting time pass, and takes the result; throws
  /// `std::logic_error` if it needs time to come.
  template <class T>
  caf::expected<T> wait(pending<T> x) {
    run();
    if (!x.ready())
      throw std::logic_error{"the result needs time to pass: advance first"};
    return x.get();
  }

  /// Lets up to `limit` pass until the result is there.
  template <class T>
  caf::expected<T> wait(pending<T> x, duration limit) {
    run();
    auto deadline = saturating_add(elapsed(), limit);
    while (!x.ready() && system_.step_to_deadline(deadline))
      run();
    return wait(std::move(x));
  }

  /// Shuts down, lets everything end, and counts the actors that did not: 0
  /// unless something leaks. The world is over then.
  std::size_t actors_left() {
    close();
    return system_.actors().registry().running();
  }

private:
  static supervisor_config adapted(supervisor_config x) {
    x.dedicated_threads = false;
    if (x.seed == 0)
      x.seed = 1;
    return x;
  }

  void close() {
    if (!handle_)
      return;
    auto ended = handle_->shutdown();
    run();
    while (!ended.ready() && system_.step_to_deadline(duration::max()))
      run();
    handle_.reset();
    supervisor_.reset(); // everything has stopped: this does not wait
    run();
  }

  manual_system system_;
  event_recorder recorder_;
  std::unique_ptr<supervisor> supervisor_;
  std::optional<supervisor_handle> handle_;
};

} // namespace taskvisor::testing
