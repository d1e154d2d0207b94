// The command line of watch_service. Nothing in here knows taskvisor's tasks.
#pragma once

#include <fmt/core.h>

#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct endpoint {
  std::string host; // IPv4
  std::uint16_t port = 0;
};

using target = std::variant<std::filesystem::path, endpoint>;

struct watch_options {
  std::vector<target> targets;
  std::chrono::milliseconds every{1000};
  std::optional<std::chrono::milliseconds> stop_after;
  bool help = false;
};

inline constexpr std::string_view usage_text = R"(
usage: watch_service [option]... [target]...

A target is a file or directory, watched for changes, or <host>:<port>, a TCP
endpoint that must accept connections. Without targets: a demonstration.

  --config <file>  reads more targets, one a line; # begins a comment
  --every <time>   pause between two checks, such as 500ms, 2s or 1m; 1s
  --for <time>     stops after this time instead of at Ctrl-C
  --help           shows this
)";

/// What a wrong command line throws.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The number that `text` begins with; `text` becomes what follows it.
inline std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t result = 0;
  auto* end = text.data() + text.size();
  auto [next, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(next - text.data()));
  return result;
}

inline std::chrono::milliseconds parse_time(std::string_view option,
                                            std::string_view text) {
  auto unit = text;
  if (auto count = take_number(unit); count && *count != 0) {
    if (unit == "ms")
      return std::chrono::milliseconds{*count};
    if (unit == "s")
      return std::chrono::seconds{*count};
    if (unit == "m")
      return std::chrono::minutes{*count};
  }
  throw usage_error{fmt::format(
    "{} {}: must be a time above 0, such as 500ms, 2s or 1m", option, text)};
}

inline target parse_target(std::string_view text) {
  auto colon = text.rfind(':');
  if (text.empty())
    throw usage_error{"a target must not be empty"};
  if (colon == text.npos || text.find('/') != text.npos)
    return std::filesystem::path{text}; // a file "a:1" is written "./a:1"
  auto host = std::string{text.substr(0, colon)};
  if (host == "localhost")
    host = "127.0.0.1";
  in_addr address;
  if (inet_pton(AF_INET, host.c_str(), &address) != 1)
    throw usage_error{fmt::format(
      "target {}: host must be localhost or an IPv4 address", text)};
  auto rest = text.substr(colon + 1);
  auto port = take_number(rest);
  if (!port || !rest.empty() || *port < 1 || *port > 65535)
    throw usage_error{fmt::format("target {}: port must be 1 to 65535", text)};
  return endpoint{host, static_cast<std::uint16_t>(*port)};
}

inline void read_config(std::string_view name, watch_options& to) {
  std::ifstream file{std::string{name}};
  if (!file)
    throw usage_error{fmt::format("--config {}: cannot be read", name)};
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line.front() != '#')
      to.targets.push_back(parse_target(line));
}

inline watch_options parse_options(const std::vector<std::string_view>& args) {
  watch_options result;
  for (std::size_t i = 0; i < args.size(); ++i) {
    auto option = args[i];
    if (option == "--help") {
      result.help = true;
    } else if (!option.starts_with("--")) {
      result.targets.push_back(parse_target(option));
    } else if (option != "--config" && option != "--every"
               && option != "--for") {
      throw usage_error{fmt::format("unknown option {}", option)};
    } else if (++i == args.size()) {
      throw usage_error{fmt::format("{} needs a value", option)};
    } else if (option == "--config") {
      read_config(args[i], result);
    } else if (option == "--every") {
      result.every = parse_time(option, args[i]);
    } else {
      result.stop_after = parse_time(option, args[i]);
    }
  }
  return result;
}
