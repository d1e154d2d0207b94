#include "options.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace bench {

namespace {

constexpr std::size_t most = 10'000'000;

std::size_t to_number(std::string_view field, const std::string& text) {
  std::size_t value = 0;
  const auto* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty() || value > most)
    throw usage_error{fmt::format("{} is \"{}\": a number from 0 to {} is "
                                  "needed",
                                  field, text, most)};
  return value;
}

} // namespace

options options::parse(const std::vector<std::string>& args) {
  if (args.size() < 2)
    throw usage_error{"a workload and the number of items are needed"};
  options result;
  result.workload_ = args[0];
  result.n_ = to_number("n", args[1]);
  if (result.n_ == 0)
    throw usage_error{"n is 0: at least 1 is needed"};
  for (std::size_t i = 2; i < args.size(); ++i) {
    auto at = args[i].find('=');
    if (at == std::string::npos || at == 0)
      throw usage_error{fmt::format("\"{}\" is no <key>=<value>", args[i])};
    auto key = args[i].substr(0, at);
    if (!result.params_.emplace(key, args[i].substr(at + 1)).second)
      throw usage_error{fmt::format("{} is given twice", key)};
  }
  return result;
}

options options::with_n(std::size_t n) const {
  auto result = *this;
  result.n_ = n;
  return result;
}

std::string options::unknown_key(
  const std::vector<std::string_view>& keys) const {
  for (const auto& [key, value] : params_)
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      return key;
  return {};
}

std::size_t options::number(const std::string& key,
                            std::size_t fallback) const {
  auto found = params_.find(key);
  return found == params_.end() ? fallback : to_number(key, found->second);
}

std::string options::one_of(
  const std::string& key, const std::vector<std::string_view>& allowed) const {
  auto found = params_.find(key);
  if (found == params_.end())
    return std::string{allowed.front()};
  if (std::find(allowed.begin(), allowed.end(), found->second) == allowed.end())
    throw usage_error{fmt::format("{} is \"{}\": one of {} is needed", key,
                                  found->second, fmt::join(allowed, ", "))};
  return found->second;
}

std::size_t options::workers() const {
  auto clients = workload_ == "add_single";
  const auto* key = clients || params_.count("workers") ? "workers" : "threads";
  auto found = params_.find(key);
  if (found == params_.end() || found->second == "default")
    return 0;
  return to_number(key, found->second);
}

} // namespace bench
