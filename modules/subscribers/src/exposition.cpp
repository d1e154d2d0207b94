#include "exposition.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <utility>

namespace taskvisor::detail {

namespace {

constexpr std::string_view total = "_total";

/// With a point: `1` and `1.0` would be two series, and OpenMetrics wants
/// `1.0`.
std::string bound_text(double bound) {
  auto result = fmt::format("{}", bound);
  if (result.find_first_of(".e") == std::string::npos)
    result += ".0";
  return result;
}

} // namespace

exposition::exposition(metrics_format format, std::string prefix)
  : format_(format), prefix_(std::move(prefix)) {}

void exposition::counter(std::string_view name, std::string_view help) {
  // OpenMetrics names the family without the suffix of its samples.
  if (format_ == metrics_format::openmetrics) {
    family(name, "counter", help);
    suffix_ = total;
  } else {
    family(fmt::format("{}{}", name, total), "counter", help);
  }
}

void exposition::gauge(std::string_view name, std::string_view help) {
  family(name, "gauge", help);
}

void exposition::histograms(std::string_view name, std::string_view help) {
  family(name, "histogram", help);
}

void exposition::sample(labels by, std::uint64_t value) {
  line(suffix_, by, {}, fmt::format_int{value}.c_str());
}

void exposition::sample(labels by, const histogram& value) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < value.counts().size(); ++i) {
    count += value.counts()[i];
    auto last = i == value.bounds().size();
    line("_bucket", by, last ? "+Inf" : bound_text(value.bounds()[i]),
         fmt::format_int{count}.c_str());
  }
  line("_sum", by, {}, fmt::format("{}", value.sum()));
  line("_count", by, {}, fmt::format_int{count}.c_str());
}

std::string exposition::take() {
  if (format_ == metrics_format::openmetrics)
    text_ += "# EOF\n";
  return std::move(text_);
}

void exposition::family(std::string_view name, std::string_view type,
                        std::string_view help) {
  name_ = fmt::format("{}_{}", prefix_, name);
  suffix_ = {};
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n",
                 name_, help, name_, type);
}

void exposition::line(std::string_view suffix, labels by,
                      std::string_view bound, std::string_view value) {
  text_ += name_;
  text_ += suffix;
  char separator = '{';
  auto add = [&](std::string_view name, std::string_view text) {
    text_ += std::exchange(separator, ',');
    text_ += name;
    text_ += "=\"";
    text_ += text;
    text_ += '"';
  };
  for (const auto& x : by)
    add(x.name, x.value);
  if (!bound.empty())
    add("le", bound);
  text_ += separator == ',' ? "} " : " ";
  text_ += value;
  text_ += '\n';
}

} // namespace taskvisor::detail
