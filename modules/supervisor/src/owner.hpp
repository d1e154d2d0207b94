#pragma once

#include "runtime.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace taskvisor::detail {

/// An actor system of the supervisor's own.
struct owned_system {
  explicit owned_system(const supervisor_config& config);

  system_config settings;
  std::optional<caf::actor_system> system;
};

/// What a supervisor and its handles own together. The last one stops it.
class owner {
public:
  owner(caf::actor_system* host, supervisor_config config);
  owner(const owner&) = delete;
  owner& operator=(const owner&) = delete;
  ~owner();

  const supervisor_config& config() const noexcept { return config_; }
  const std::shared_ptr<event_publisher>& publisher() const noexcept {
    return publisher_;
  }

  caf::actor_system& system();

  /// Starts the actors once. The error is that of a refused configuration.
  caf::error start();

  /// Only after `start` succeeded.
  const std::shared_ptr<runtime>& env() const noexcept { return env_; }

private:
  void start_actors();

  std::mutex mutex_;
  supervisor_config config_;
  std::shared_ptr<event_publisher> publisher_;
  caf::actor_system* host_;
  std::unique_ptr<owned_system> owned_;
  std::shared_ptr<runtime> env_;
};

} // namespace taskvisor::detail
