#pragma once

#include "waiting_line.hpp"

#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/controller/slot_view.hpp"
#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/task_id.hpp"

#include <cstddef>
#include <variant>
#include <vector>

namespace taskvisor::detail {

// -- phases: each carries its owner, so that none of them is without one ------

struct idle {};

/// Handed to the registry, whose decision is on its way.
struct admitting {
  task_id owner;
};

/// The same, and to be stopped as soon as it is registered.
struct cancel_pending_admission {
  task_id owner;
};

/// Registered and not yet cleaned up.
struct running {
  task_id owner;
};

/// Its stop was ordered.
struct terminating {
  task_id owner;
  /// It did not end within the grace.
  bool stuck = false;
};

using slot_phase =
  std::variant<idle, admitting, cancel_pending_admission, running, terminating>;

// -- effects: what the actor has to do, in this order -------------------------

/// Register it. Answered by `decided` and, if it was added, `completed`.
struct hand_over {
  task_id id;
};

/// Order the owner's removal. Answered by `removal_answered`; if the owner
/// takes longer than the grace, `still_stops` is due.
struct stop_owner {
  task_id owner;
};

/// Deliver the outcome of a submission that never runs.
struct reject {
  task_id id;
  rejection why;
};

/// Publish that the submission was taken.
struct say_accepted {
  task_id id;
};

/// Publish that the public status changed.
struct say_changed {
  slot_status from;
  slot_status to;
};

/// Publish that the owner's removal could not be ordered.
struct say_removal_failed {
  task_id owner;
};

using slot_effect = std::variant<hand_over, stop_owner, reject, say_accepted,
                                 say_changed, say_removal_failed>;
using slot_effects = std::vector<slot_effect>;

/// The input speaks of somebody who is not the owner, or does not wait, any
/// more: it crossed with what ended that. Nothing has changed.
struct stale {};

using slot_reaction = std::variant<stale, slot_effects>;

// -- the machine --------------------------------------------------------------

/// Who may run now for one key: at most one owner, and those that wait for its
/// end. Pure: performs nothing, knows neither time nor actors.
class slot {
public:
  /// `limit` is the number of waiting submissions at which `queue` is refused.
  /// Replacements do not count.
  slot_effects submit(task_id id, admission_policy policy, std::size_t limit);

  /// The registry's answer to `hand_over`.
  slot_reaction decided(task_id id, bool added);

  /// The owner is gone, frame, closure and name: whoever waits is next.
  slot_reaction completed(task_id id);

  /// The answer to `stop_owner`. It never frees the slot: the end does.
  slot_reaction removal_answered(task_id id, bool failed);

  /// The grace of an owner that was to stop is over.
  slot_reaction still_stops(task_id id);

  /// Takes one out of the line.
  slot_reaction purge(task_id id);
  slot_reaction waited_too_long(task_id id);

  /// Takes all out of the line.
  slot_effects purge_all();

  /// Takes all out of the line and stops the owner, as one step.
  slot_effects cancel();

  /// The shutdown began: whoever waits and whoever comes is refused.
  slot_effects close();

  const slot_phase& phase() const noexcept { return phase_; }
  slot_status status() const noexcept;

  /// Empty for an idle slot.
  task_id owner() const noexcept;

  std::size_t waiting() const noexcept { return line_.size(); }

  /// Nothing to remember: the slot may be forgotten.
  bool vacant() const noexcept {
    return std::holds_alternative<idle>(phase_) && line_.empty();
  }

private:
  template <class Phase>
  bool held_by(task_id id) const noexcept {
    auto* phase = std::get_if<Phase>(&phase_);
    return phase != nullptr && phase->owner == id;
  }

  void admit(task_id id, slot_effects& out);
  void admit_next(slot_effects& out);
  /// Whose removal is to be ordered now, if anybody's.
  task_id begin_stop();
  void retire_owner(task_id replacement, slot_effects& out);
  void reject_all(rejection why, slot_effects& out);
  slot_reaction take_out(task_id id, rejection why);

  slot_phase phase_;
  waiting_line line_;
  bool closed_ = false;
};

} // namespace taskvisor::detail
