#include "answer.hpp"

#include <utility>

namespace taskvisor::detail {

namespace {

bool is_ready(const std::function<bool()>& ready) {
  try {
    return !ready || ready();
  } catch (...) {
    return false;
  }
}

answer plain(unsigned status, std::string body) {
  answer result;
  result.status = status;
  result.body = std::move(body);
  return result;
}

} // namespace

answer answer_to(bool readable, std::string_view target,
                 std::string_view accept, const metrics_subscriber& metrics,
                 const std::function<bool()>& ready) {
  auto path = target.substr(0, target.find('?'));
  if (path != "/metrics" && path != "/healthz")
    return plain(404, "there are /metrics and /healthz\n");
  if (!readable)
    return plain(405, "only GET and HEAD\n");
  if (path == "/healthz") {
    if (metrics.stopping())
      return plain(503, "stopping\n");
    return is_ready(ready) ? plain(200, "ready\n") : plain(503, "not ready\n");
  }
  auto open = accept.find("application/openmetrics-text") != accept.npos;
  auto format = open ? metrics_format::openmetrics : metrics_format::prometheus;
  return {200, std::string{content_type(format)}, metrics.text(format)};
}

} // namespace taskvisor::detail
