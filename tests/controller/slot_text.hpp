/// A slot, its messages and its effects as text: what the tables of the tests
/// are written in.
#pragma once

#include "slot.hpp"

#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace taskvisor::test {

using namespace taskvisor::detail;

inline constexpr std::size_t limit = 2;

/// The submissions of these tests: 1 is the owner, 2 and 3 wait, 4 comes.
inline std::vector<task_id> draw_ids() {
  std::vector<task_id> result(1);
  for (int i = 0; i < 9; ++i)
    result.push_back(task_id::next());
  return result;
}

inline const std::vector<task_id> ids = draw_ids();

inline std::string number(task_id id) {
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] == id)
      return std::to_string(i);
  return "?";
}

struct effect_text {
  std::string operator()(const hand_over& x) const {
    return "add " + number(x.id);
  }
  std::string operator()(const stop_owner& x) const {
    return "stop " + number(x.owner);
  }
  std::string operator()(const reject& x) const {
    return "reject " + number(x.id) + " " + std::string{label(x.why)};
  }
  std::string operator()(const say_accepted& x) const {
    return "accepted " + number(x.id);
  }
  std::string operator()(const say_changed& x) const {
    return std::string{label(x.from)} + "->" + std::string{label(x.to)};
  }
  std::string operator()(const say_removal_failed& x) const {
    return "failure " + number(x.owner);
  }
};

inline std::string text(const slot_effects& xs) {
  std::string result;
  for (const auto& x : xs)
    result += (result.empty() ? "" : ", ") + std::visit(effect_text{}, x);
  return result;
}

inline std::string text(const slot_reaction& x) {
  auto* effects = std::get_if<slot_effects>(&x);
  return effects == nullptr ? "stale" : text(*effects);
}

inline constexpr std::string_view phase_names[] = {
  "idle", "admitting", "cancel_pending_admission", "running", "terminating"};

/// Works on a copy: who waits shows only when the slot is closed.
inline std::string text(slot x) {
  std::string result{phase_names[x.phase().index()]};
  if (x.status() == slot_status::stuck)
    result = "stuck";
  if (x.owner())
    result += " " + number(x.owner());
  if (x.waiting() == 0)
    return result;
  std::string line;
  for (const auto& effect : x.close())
    line += (line.empty() ? "" : " ") + number(std::get<reject>(effect).id);
  return result + " [" + line + "]";
}

/// One message in words, as "replace 4" or "ended 1".
inline std::string perform(slot& x, const std::string& message) {
  std::istringstream in{message};
  std::string what;
  std::size_t n = 0;
  in >> what >> n;
  auto id = ids[n];
  for (std::size_t i = 0; i < wire_count(admission_policy{}); ++i)
    if (auto policy = static_cast<admission_policy>(i); label(policy) == what)
      return text(x.submit(id, policy, limit));
  if (what == "added")
    return text(x.decided(id, true));
  if (what == "refused")
    return text(x.decided(id, false));
  if (what == "ended")
    return text(x.completed(id));
  if (what == "stopped")
    return text(x.removal_answered(id, false));
  if (what == "unstoppable")
    return text(x.removal_answered(id, true));
  if (what == "grace_over")
    return text(x.still_stops(id));
  if (what == "purge")
    return text(x.purge(id));
  if (what == "late")
    return text(x.waited_too_long(id));
  if (what == "purge_all")
    return text(x.purge_all());
  if (what == "cancel")
    return text(x.cancel());
  if (what == "close")
    return text(x.close());
  throw std::invalid_argument{message};
}

/// A slot in a phase, with owner 1 and 2, then 3, in the line.
inline slot slot_in(std::string_view phase, std::size_t waiting) {
  slot x;
  if (phase == "idle")
    return x;
  perform(x, "queue 1");
  if (phase == "running" || phase == "terminating" || phase == "stuck")
    perform(x, "added 1");
  if (phase != "admitting" && phase != "running")
    perform(x, "cancel");
  if (phase == "stuck")
    perform(x, "grace_over 1");
  for (std::size_t i = 0; i < waiting; ++i)
    perform(x, "queue " + std::to_string(2 + i));
  return x;
}

} // namespace taskvisor::test
