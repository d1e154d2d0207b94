#include "taskvisor/supervisor/run_result.hpp"

#include <fmt/format.h>

namespace taskvisor {

int run_result::exit_code() const noexcept {
  if (code_of(error) == errc::runtime_failed)
    return 1;
  if (error)
    return 2;
  if (!shutdown.within_grace())
    return 3;
  auto bad = count(outcome_kind::failed) + count(outcome_kind::fatal)
             + count(outcome_kind::crashed);
  return bad == 0 ? 0 : 1;
}

std::string to_string(const run_result& x) {
  if (code_of(x.error) == errc::runtime_failed)
    return describe(x.error);
  if (x.error)
    return fmt::format("not started: {}", describe(x.error));
  auto result = fmt::format(
    "{} completed, {} failed, {} canceled", x.count(outcome_kind::completed),
    x.count(outcome_kind::failed) + x.count(outcome_kind::fatal)
      + x.count(outcome_kind::crashed),
    x.count(outcome_kind::canceled));
  if (!x.shutdown.within_grace())
    result += fmt::format("; missed the grace: {}",
                          fmt::join(x.shutdown.aborted, ", "));
  return result;
}

} // namespace taskvisor
