#pragma once

#include "taskvisor/events/config_error.hpp"
#include "taskvisor/events/time.hpp"
#include "taskvisor/subscribers/metrics_subscriber.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace taskvisor {

struct metrics_server_options {
  /// The IPv4 or IPv6 address to listen on, as `127.0.0.1`, `::1`; `0.0.0.0`
  /// and `::` are all of this machine. There is neither encryption nor a
  /// password: let only whom you trust reach it.
  std::string address = "127.0.0.1";

  /// The TCP port; 0 takes one that is free, see `metrics_server::port`.
  std::uint16_t port = 9464;

  /// How long one request or an idle connection may take, above 0.
  duration timeout = std::chrono::seconds{30};

  /// Connections at a time, at least 1; more are closed at once.
  std::size_t max_connections = 64;

  /// What else has to be true for `/healthz` to say ready. Called on the
  /// thread of the server; what it throws counts as false.
  std::function<bool()> ready = nullptr;

  /// The first wrong value in the order above, if any.
  std::optional<config_error> validate() const;
};

/// A small HTTP server, on a thread of its own, for Prometheus and whoever
/// watches the process:
///
///     GET /metrics    the metrics, in OpenMetrics if the client asks for it,
///                     else in the format of Prometheus
///     GET /healthz    200 `ready`, 503 `not ready`, 503 `stopping` once a
///                     shutdown began
///
/// Copies stand for the same server; the end of the last one closes all
/// connections. Takes no signal.
class metrics_server {
public:
  /// Listens when this returns. The error is `invalid_config`, also where the
  /// system refuses the address or the port.
  static caf::expected<metrics_server> start(
    metrics_subscriber metrics, metrics_server_options options = {});

  /// The port it listens on.
  std::uint16_t port() const noexcept;

private:
  class listener;

  explicit metrics_server(std::shared_ptr<listener> to);

  std::shared_ptr<listener> listener_;
};

} // namespace taskvisor
