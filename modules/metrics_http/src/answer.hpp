#pragma once

#include "taskvisor/metrics_http/metrics_server.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace taskvisor::detail {

/// What is sent back for a request.
struct answer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

/// Decides what a request for `target` gets; `accept` is the header of that
/// name, `readable` is true for GET and HEAD.
answer answer_to(bool readable, std::string_view target,
                 std::string_view accept, const metrics_subscriber& metrics,
                 const std::function<bool()>& ready);

} // namespace taskvisor::detail
