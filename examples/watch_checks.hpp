// What watch_service checks: plain blocking functions that throw when a check
// fails. Nothing in here knows taskvisor.
#pragma once

#include "watch_options.hpp"

#include <algorithm>
#include <cerrno>
#include <compare>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <stop_token>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

/// Tells two states of a file or directory apart.
struct stamp {
  std::filesystem::file_time_type written;
  std::uintmax_t size = 0; // bytes, or entries of a directory

  bool operator==(const stamp&) const = default;
};

inline stamp read_stamp(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  stamp result;
  result.written = fs::last_write_time(path, error);
  if (!error && fs::is_directory(path, error))
    result.size = static_cast<std::uintmax_t>(
      std::distance(fs::directory_iterator{path, error}, {}));
  else if (!error)
    result.size = fs::file_size(path, error);
  if (error)
    throw std::runtime_error{error.message()};
  return result;
}

/// Closes itself.
class socket_handle {
public:
  explicit socket_handle(int flags)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)) {
    if (fd_ < 0)
      fail("socket");
  }
  socket_handle(const socket_handle&) = delete;
  socket_handle& operator=(const socket_handle&) = delete;
  ~socket_handle() { ::close(fd_); }

  int fd() const noexcept { return fd_; }

  [[noreturn]] static void fail(const char* what, int error = errno) {
    throw std::system_error{error, std::generic_category(), what};
  }

private:
  int fd_;
};

inline sockaddr_in address_of(const endpoint& to) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(to.port);
  inet_pton(AF_INET, to.host.c_str(), &result.sin_addr);
  return result;
}

/// Connects and hangs up; returns how long that took. Gives up after a second,
/// or soon after a stop is requested.
inline std::chrono::microseconds try_connect(std::stop_token stop,
                                             const endpoint& to) {
  using clock = std::chrono::steady_clock;
  auto start = clock::now();
  socket_handle peer{SOCK_NONBLOCK};
  auto address = address_of(to);
  auto* raw = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(peer.fd(), raw, sizeof(address)) != 0) {
    if (errno != EINPROGRESS)
      socket_handle::fail("connect");
    pollfd waiting{peer.fd(), POLLOUT, 0};
    while (::poll(&waiting, 1, 50) <= 0)
      if (stop.stop_requested()
          || clock::now() - start > std::chrono::seconds{1})
        socket_handle::fail("connect", ETIMEDOUT);
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(peer.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      socket_handle::fail("connect", error);
  }
  return std::chrono::duration_cast<std::chrono::microseconds>(clock::now()
                                                               - start);
}
