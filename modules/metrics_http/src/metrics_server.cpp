#include "taskvisor/metrics_http/metrics_server.hpp"

#include "answer.hpp"

#include "taskvisor/events/detail/blocked_signals.hpp"
#include "taskvisor/events/detail/bounds.hpp"
#include "taskvisor/events/error.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <functional>
#include <thread>
#include <utility>

namespace taskvisor {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t max_request_size = 8192;

/// What all connections share; it outlives them.
struct context {
  metrics_subscriber metrics;
  metrics_server_options options;
  std::size_t connections = 0;
};

/// One connection: reads a request, answers, and so on. Keeps itself alive by
/// the operation that is under way; the timeout ends each.
class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, context& shared)
    : stream_(std::move(socket)), shared_(shared) {
    ++shared_.connections;
  }

  session(const session&) = delete;
  session& operator=(const session&) = delete;

  ~session() { --shared_.connections; }

  void read() {
    request_.emplace();
    request_->header_limit(max_request_size);
    stream_.expires_after(shared_.options.timeout);
    http::async_read(
      stream_, buffer_, *request_,
      [self = shared_from_this()](error_code failed, std::size_t) {
        if (!failed)
          self->respond();
      });
  }

private:
  void respond() {
    const auto& request = request_->get();
    auto method = request.method();
    auto head = method == http::verb::head;
    auto target = request.target();
    auto accept = request[http::field::accept];
    auto result = detail::answer_to(
      head || method == http::verb::get, {target.data(), target.size()},
      {accept.data(), accept.size()}, shared_.metrics, shared_.options.ready);
    response_ = {};
    response_.version(request.version());
    response_.result(result.status);
    response_.keep_alive(request.keep_alive());
    response_.set(http::field::content_type, result.type);
    if (result.status == 405)
      response_.set(http::field::allow, "GET, HEAD");
    response_.body() = std::move(result.body);
    response_.prepare_payload();
    if (head)
      response_.body().clear(); // the length stays as it would be
    write();
  }

  void write() {
    stream_.expires_after(shared_.options.timeout);
    http::async_write(
      stream_, response_,
      [self = shared_from_this()](error_code failed, std::size_t) {
        if (failed)
          return;
        if (self->response_.keep_alive())
          self->read();
        else
          self->stream_.socket().shutdown(tcp::socket::shutdown_send, failed);
      });
  }

  beast::tcp_stream stream_;
  context& shared_;
  beast::flat_buffer buffer_{max_request_size};
  std::optional<http::request_parser<http::empty_body>> request_;
  http::response<http::string_body> response_;
};

std::thread thread_without_signals(std::function<void()> body) {
  detail::blocked_signals guard;
  return std::thread{std::move(body)};
}

} // namespace

class metrics_server::listener {
public:
  listener(metrics_subscriber metrics, metrics_server_options options)
    : shared_{std::move(metrics), std::move(options)} {}

  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  ~listener() {
    io_.stop();
    if (thread_.joinable())
      thread_.join();
  }

  caf::error start() {
    const auto& options = shared_.options;
    tcp::endpoint endpoint{asio::ip::make_address(options.address),
                           options.port};
    error_code failed;
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed)
      acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed)
      acceptor_.bind(endpoint, failed);
    if (!failed)
      acceptor_.listen(tcp::acceptor::max_listen_connections, failed);
    if (!failed)
      port_ = acceptor_.local_endpoint(failed).port();
    if (failed)
      return make_error(config_error{
        "address and port", fmt::format("{} {}", options.address, options.port),
        "must be free to listen on: " + failed.message()});
    accept();
    thread_ = thread_without_signals([this] { io_.run(); });
    return {};
  }

  std::uint16_t port() const noexcept { return port_; }

private:
  void accept() {
    acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed) {
        accept_later(); // out of descriptors, say: not in a busy loop
        return;
      }
      if (shared_.connections < shared_.options.max_connections)
        std::make_shared<session>(std::move(socket), shared_)->read();
      accept();
    });
  }

  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds{100});
    pause_.async_wait([this](error_code) { accept(); });
  }

  context shared_;
  // After `shared_`: what is left of the sessions goes with it.
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  asio::steady_timer pause_{io_};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::optional<config_error> metrics_server_options::validate() const {
  error_code failed;
  static_cast<void>(asio::ip::make_address(address, failed));
  if (failed)
    return config_error{"address", '"' + address + '"',
                        "must be an IPv4 or IPv6 address"};
  if (timeout <= duration::zero())
    return config_error{"timeout", fmt::format("{}ns", timeout.count()),
                        "must be above 0"};
  return detail::at_least_one("max_connections", max_connections);
}

metrics_server::metrics_server(std::shared_ptr<listener> to)
  : listener_(std::move(to)) {}

caf::expected<metrics_server> metrics_server::start(
  metrics_subscriber metrics, metrics_server_options options) {
  if (auto refused = options.validate())
    return make_error(*refused);
  auto result =
    std::make_shared<listener>(std::move(metrics), std::move(options));
  if (auto err = result->start())
    return err;
  return metrics_server{std::move(result)};
}

std::uint16_t metrics_server::port() const noexcept {
  return listener_->port();
}

} // namespace taskvisor
