#include "workload.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <string>

namespace {

bench::workloads all_workloads() {
  bench::workloads all;
  for (auto group :
       {bench::lifecycle_group, bench::add_single_group, bench::idle_group,
        bench::restart_group, bench::fan_out_group, bench::submit_group,
        bench::timers_group, bench::list_group, bench::seed_group}) {
    auto part = group();
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::string usage(const bench::workloads& all) {
  std::string text =
    "usage: " BENCH_PROGRAM " <workload> <n> [workers=<n>|default] "
    "[<key>=<value>]...\nworkloads:\n";
  for (const auto& x : all) {
    text += fmt::format("  {}", x.name);
    for (auto key : x.keys)
      text += fmt::format(" [{}=]", key);
    text += '\n';
  }
  return text;
}

const bench::workload& choose(const bench::workloads& all,
                              const bench::options& opts) {
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& x) {
    return x.name == opts.workload();
  });
  if (found == all.end())
    throw bench::usage_error{
      fmt::format("no workload is named \"{}\"", opts.workload())};
  auto keys = found->keys;
  keys.insert(keys.end(), {"workers", "threads", "dedicated"});
  if (auto key = opts.unknown_key(keys); !key.empty())
    throw bench::usage_error{
      fmt::format("{} has no option \"{}\"", opts.workload(), key)};
  return *found;
}

std::string to_json(const bench::options& opts, const bench::measurement& x) {
  std::string params;
  for (const auto& [key, value] : opts.params())
    params +=
      fmt::format("{}\"{}\":\"{}\"", params.empty() ? "" : ",", key, value);
  auto text = fmt::format(
    R"({{"workload":"{}","impl":"{}","n":{},"params":{{{}}},"ops":{},)"
    R"("wall_s":{:.9g},"cpu_s":{:.9g},"peak_bytes":{})",
    opts.workload(), BENCH_IMPL, opts.n(), params, x.ops, x.wall, x.cpu,
    bench::peak_bytes());
  if (x.latency)
    text += fmt::format(R"(,"p50_s":{:.9g},"p99_s":{:.9g})", x.latency->p50,
                        x.latency->p99);
  if (x.bytes_per_item)
    text += fmt::format(R"(,"bytes_per_item":{:.1f})", *x.bytes_per_item);
  if (x.lost)
    text += fmt::format(R"(,"lost":{})", *x.lost);
  return text + "}";
}

void measure(const bench::workload& what, const bench::options& opts) {
  auto few = std::min<std::size_t>(opts.n() / 10, 1000);
  if (what.warm_up && few > 0)
    what.run(opts.with_n(few));
  fmt::print("{}\n", to_json(opts, what.run(opts)));
}

} // namespace

int main(int argc, char** argv) {
  auto all = all_workloads();
  try {
    auto opts = bench::options::parse({argv + 1, argv + argc});
    measure(choose(all, opts), opts);
    return EXIT_SUCCESS;
  } catch (const bench::usage_error& e) {
    fmt::print(stderr, "error: {}\n{}", e.what(), usage(all));
    return 2;
  } catch (const bench::absent& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 3;
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    return 1;
  }
}
