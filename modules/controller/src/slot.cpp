#include "slot.hpp"

#include <type_traits>

namespace taskvisor::detail {

slot_status slot::status() const noexcept {
  switch (phase_.index()) {
    case 0:
      return slot_status::idle;
    case 1:
      return slot_status::admitting;
    case 3:
      return slot_status::running;
    default:
      break;
  }
  auto* ending = std::get_if<terminating>(&phase_);
  return ending != nullptr && ending->stuck ? slot_status::stuck
                                            : slot_status::terminating;
}

task_id slot::owner() const noexcept {
  return std::visit(
    [](const auto& phase) {
      if constexpr (std::is_same_v<std::decay_t<decltype(phase)>, idle>)
        return task_id{};
      else
        return phase.owner;
    },
    phase_);
}

// -- submissions --------------------------------------------------------------

slot_effects slot::submit(task_id id, admission_policy policy,
                          std::size_t limit) {
  slot_effects out;
  if (closed_) {
    out.emplace_back(reject{id, rejection::controller_shutting_down});
    return out;
  }
  if (std::holds_alternative<idle>(phase_)) {
    admit(id, out);
    return out;
  }
  switch (policy) {
    case admission_policy::queue:
      if (line_.size() >= limit) {
        out.emplace_back(reject{id, rejection::queue_full});
      } else {
        line_.push_back(id);
        out.emplace_back(say_accepted{id});
      }
      break;
    case admission_policy::replace:
      retire_owner(id, out);
      break;
    case admission_policy::drop_if_running:
      out.emplace_back(reject{id, rejection::slot_busy});
      break;
    case admission_policy::keep_latest:
      reject_all(rejection::superseded_by_replace, out);
      line_.push_back(id);
      out.emplace_back(say_accepted{id});
      break;
  }
  return out;
}

void slot::admit(task_id id, slot_effects& out) {
  phase_ = admitting{id};
  out.reserve(out.size() + 2);
  out.emplace_back(hand_over{id});
  out.emplace_back(say_accepted{id});
}

void slot::admit_next(slot_effects& out) {
  phase_ = idle{};
  if (!line_.empty())
    admit(line_.take_front(), out);
}

void slot::retire_owner(task_id replacement, slot_effects& out) {
  if (line_.empty()) {
    line_.push_back(replacement);
  } else {
    out.emplace_back(reject{line_.front(), rejection::superseded_by_replace});
    line_.replace_front(replacement);
  }
  auto before = status();
  auto ordered = begin_stop();
  if (auto after = status(); after != before)
    out.emplace_back(say_changed{before, after});
  out.emplace_back(say_accepted{replacement});
  if (ordered)
    out.emplace_back(stop_owner{ordered});
}

task_id slot::begin_stop() {
  if (auto* x = std::get_if<admitting>(&phase_)) {
    // What is not yet registered cannot be removed: `decided` orders it.
    phase_ = cancel_pending_admission{x->owner};
    return {};
  }
  if (auto* x = std::get_if<running>(&phase_)) {
    auto owner = x->owner;
    phase_ = terminating{owner};
    return owner;
  }
  return {};
}

void slot::reject_all(rejection why, slot_effects& out) {
  for (auto id : line_.take_all())
    out.emplace_back(reject{id, why});
}

// -- answers ------------------------------------------------------------------

slot_reaction slot::decided(task_id id, bool added) {
  slot_effects out;
  if (held_by<admitting>(id)) {
    if (added) {
      phase_ = running{id};
      out.emplace_back(
        say_changed{slot_status::admitting, slot_status::running});
      return out;
    }
  } else if (held_by<cancel_pending_admission>(id)) {
    if (added) {
      phase_ = terminating{id};
      out.emplace_back(stop_owner{id});
      return out;
    }
  } else {
    return stale{};
  }
  admit_next(out);
  return out;
}

slot_reaction slot::completed(task_id id) {
  if (!held_by<running>(id) && !held_by<terminating>(id))
    return stale{};
  slot_effects out;
  admit_next(out);
  return out;
}

slot_reaction slot::removal_answered(task_id id, bool failed) {
  if (!held_by<terminating>(id))
    return stale{};
  slot_effects out;
  if (failed)
    out.emplace_back(say_removal_failed{id});
  return out;
}

slot_reaction slot::still_stops(task_id id) {
  auto* x = std::get_if<terminating>(&phase_);
  if (x == nullptr || x->owner != id || x->stuck)
    return stale{};
  x->stuck = true;
  slot_effects out;
  out.emplace_back(say_changed{slot_status::terminating, slot_status::stuck});
  return out;
}

// -- orders -------------------------------------------------------------------

slot_reaction slot::purge(task_id id) {
  return take_out(id, rejection::removed_from_queue);
}

slot_reaction slot::waited_too_long(task_id id) {
  return take_out(id, rejection::waited_too_long);
}

slot_reaction slot::take_out(task_id id, rejection why) {
  if (!line_.remove(id))
    return stale{};
  slot_effects out;
  out.emplace_back(reject{id, why});
  return out;
}

slot_effects slot::purge_all() {
  slot_effects out;
  reject_all(rejection::removed_from_queue, out);
  return out;
}

slot_effects slot::cancel() {
  slot_effects out;
  auto before = status();
  auto ordered = begin_stop();
  if (auto after = status(); after != before)
    out.emplace_back(say_changed{before, after});
  if (ordered)
    out.emplace_back(stop_owner{ordered});
  reject_all(rejection::removed_from_queue, out);
  return out;
}

slot_effects slot::close() {
  closed_ = true;
  slot_effects out;
  reject_all(rejection::controller_shutting_down, out);
  return out;
}

} // namespace taskvisor::detail
