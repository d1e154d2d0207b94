#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/controller/slot_view.hpp"

#include <array>

namespace taskvisor {

namespace {

using namespace std::string_view_literals;

template <class E, std::size_t N>
std::string_view label_of(E x, const std::array<std::string_view, N>& labels) {
  static_assert(wire_count(E{}) == N);
  auto index = static_cast<std::size_t>(x);
  return index < N ? labels[index] : "unknown";
}

constexpr std::array policy_labels{"queue"sv, "replace"sv, "drop_if_running"sv,
                                   "keep_latest"sv};

constexpr std::array status_labels{"idle"sv, "admitting"sv, "running"sv,
                                   "terminating"sv, "stuck"sv};

} // namespace

std::string_view label(admission_policy policy) noexcept {
  return label_of(policy, policy_labels);
}

std::string_view label(slot_status status) noexcept {
  return label_of(status, status_labels);
}

} // namespace taskvisor
