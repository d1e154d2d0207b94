/// Several threads that ask for something, each waiting for its answers.
#pragma once

#include "workload.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

namespace bench {

/// The items of one client.
struct client_range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Does its items and gives the latency of each.
using client =
  std::function<std::vector<std::chrono::nanoseconds>(const client_range&)>;

/// Spreads n items over `threads` threads. An exception of one of them is
/// thrown here.
measurement measure_clients(const options& opts, const client& work);

} // namespace bench
