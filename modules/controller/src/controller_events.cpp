// What the controller tells its listeners, and the texts for people.

#include "controller_state.hpp"

#include "taskvisor/events/detail/duration_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace taskvisor::detail {

std::string controller_state::reason_of(const keyed_lane& at,
                                        const submission_record& record,
                                        rejection why) const {
  const auto& machine = at.second.machine;
  switch (why) {
    case rejection::slot_busy:
      return fmt::format("the slot belongs to {}", to_string(machine.owner()));
    case rejection::queue_full:
      return fmt::format("{} wait in the slot, the limit is {}",
                         machine.waiting(), setup_.config.max_slot_queue);
    case rejection::superseded_by_replace:
      return "a newer submission took its place";
    case rejection::removed_from_queue:
      return "removed on request";
    case rejection::waited_too_long:
      return fmt::format("it did not start within {}",
                         exact_text(record.max_wait));
    default:
      return "the controller shuts down";
  }
}

void controller_state::publish_accepted(const keyed_lane& at, task_id id) {
  auto& events = setup_.port.events();
  if (!events.wanted())
    return;
  const auto& record = *places_.at(id).record;
  const auto& machine = at.second.machine;
  event x;
  x.kind = event_kind::controller_submitted;
  x.id = id;
  x.task = at.first;
  x.reason = fmt::format("policy={} status={} waiting={}", label(record.policy),
                         label(machine.status()), machine.waiting());
  if (machine.owner() == id)
    x.queued = record.queued;
  events.publish(std::move(x));
}

void controller_state::publish_changed(const keyed_lane& at,
                                       const say_changed& changed) {
  auto& events = setup_.port.events();
  if (!events.wanted())
    return;
  event x;
  x.kind = event_kind::controller_slot_transition;
  x.task = at.first;
  x.reason = fmt::format("{}->{}", label(changed.from), label(changed.to));
  if (changed.to == slot_status::stuck)
    x.reason += fmt::format(": {} did not end within the grace, {} waiting",
                            to_string(at.second.machine.owner()),
                            at.second.machine.waiting());
  events.publish(std::move(x));
}

void controller_state::publish_removal_failed(const keyed_lane& at,
                                              task_id owner) {
  event x;
  x.kind = event_kind::runtime_failure;
  x.id = owner;
  x.task = "controller";
  x.reason =
    fmt::format("the stop of {}, the owner of slot '{}', could not be ordered",
                to_string(owner), at.first);
  setup_.port.events().publish(std::move(x));
}

void controller_state::publish_rejected(const std::string& slot,
                                        const submission_record& record,
                                        const outcome& why) {
  auto& events = setup_.port.events();
  if (!events.wanted())
    return;
  event x;
  x.kind = event_kind::controller_rejected;
  x.id = record.id;
  x.task = slot;
  x.outcome = outcome_kind::rejected;
  x.rejected = why.rejected;
  x.reason = why.reason;
  x.queued = record.queued;
  events.publish(std::move(x));
}

} // namespace taskvisor::detail
