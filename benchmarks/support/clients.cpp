#include "clients.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

namespace bench {

measurement measure_clients(const options& opts, const client& work) {
  auto n = opts.n();
  auto threads = std::max<std::size_t>(opts.number("threads", 1), 1);
  std::vector<std::future<std::vector<std::chrono::nanoseconds>>> clients;
  std::vector<std::chrono::nanoseconds> samples;
  section timed;
  for (std::size_t i = 0; i < threads; ++i) {
    client_range mine{n * i / threads, n * (i + 1) / threads};
    clients.push_back(std::async(std::launch::async, work, mine));
  }
  for (auto& x : clients)
    x.wait();
  auto result = timed.end(n);
  for (auto& x : clients) {
    auto part = x.get();
    std::move(part.begin(), part.end(), std::back_inserter(samples));
  }
  result.latency = summarize(std::move(samples));
  return result;
}

} // namespace bench
