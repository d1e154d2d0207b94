// What watch_service watches when nothing is named.
#pragma once

#include "watch_checks.hpp"
#include "watch_options.hpp"

#include <taskvisor/supervisor/supervisor.hpp>

#include <cstdlib>

/// Listens on a free port of this machine; the kernel accepts by itself.
class listener {
public:
  listener() : socket_(0) {
    auto address = address_of({"127.0.0.1", 0});
    socklen_t size = sizeof(address);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.fd(), raw, size) != 0 || ::listen(socket_.fd(), 64) != 0
        || ::getsockname(socket_.fd(), raw, &size) != 0)
      socket_handle::fail("listen");
    port_ = ntohs(address.sin_port);
  }

  std::uint16_t port() const noexcept { return port_; }

private:
  socket_handle socket_;
  std::uint16_t port_ = 0;
};

/// This folder, a port that is open, and a file that is missing at first.
class watch_demo {
public:
  watch_demo() {
    auto name = std::filesystem::temp_directory_path() / "watch_service.XXXXXX";
    auto text = name.string();
    if (::mkdtemp(text.data()) == nullptr)
      socket_handle::fail("mkdtemp");
    folder_ = text;
  }
  watch_demo(const watch_demo&) = delete;
  watch_demo& operator=(const watch_demo&) = delete;
  ~watch_demo() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::vector<target> targets() const {
    return {std::filesystem::path{"."}, folder_ / "late.txt",
            endpoint{"127.0.0.1", port_.port()}};
  }

  taskvisor::task_spec writer() const {
    return taskvisor::task_spec::once(
      "writer",
      [file = folder_ / "late.txt"](
        taskvisor::task_context& ctx) -> taskvisor::attempt {
        for (;;) { // until the stop, which leaves by an exception
          co_await ctx.sleep_for(std::chrono::seconds{1});
          std::ofstream{file, std::ios::app} << "one more line\n";
        }
      });
  }

private:
  std::filesystem::path folder_;
  listener port_;
};
