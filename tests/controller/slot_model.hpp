#pragma once

#include "taskvisor/controller/admission_policy.hpp"
#include "taskvisor/events/outcome.hpp"
#include "taskvisor/events/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace taskvisor::test {

/// What the body of a submission does.
enum class body { finishes, hangs, ignores_stop, name_taken };

/// One submission as the model sees it.
struct model_task {
  admission_policy policy;
  body does;
  std::size_t slot;
  duration takes{0};
  duration max_wait{0};
  duration submitted{0};
  duration started{0};
  /// The registry does not know it yet.
  bool fresh = true;
  /// Somebody has asked it to stop, at this time.
  std::optional<duration> stopped;
  /// The slot has ordered its stop.
  bool retired = false;
  /// Empty until it is over; then its kind or why it was rejected.
  std::string end;
  duration queued{0};
};

/// What a controller promises, written down a second time and simpler: commands
/// are obeyed at once, answers come when `settle` is called.
class slot_model {
public:
  static constexpr std::size_t slots = 3;
  static constexpr auto none = std::numeric_limits<std::size_t>::max();

  slot_model(std::size_t limit, duration grace) : limit_(limit), grace_(grace) {
    owners.fill(none);
  }

  std::vector<model_task> tasks;
  std::array<std::size_t, slots> owners;
  std::array<std::deque<std::size_t>, slots> lines;
  /// Who owned a slot, in order.
  std::array<std::vector<std::size_t>, slots> history;

  void submit(model_task x) {
    auto n = tasks.size();
    x.submitted = now_;
    auto slot = x.slot;
    auto policy = x.policy;
    tasks.push_back(std::move(x));
    auto& line = lines[slot];
    if (owners[slot] == none) {
      start(n);
    } else if (policy == admission_policy::drop_if_running) {
      reject(n, rejection::slot_busy);
    } else if (policy == admission_policy::queue) {
      if (line.size() < limit_)
        line.push_back(n);
      else
        reject(n, rejection::queue_full);
    } else if (policy == admission_policy::keep_latest) {
      reject_line(slot, rejection::superseded_by_replace);
      line.push_back(n);
    } else {
      if (!line.empty()) {
        reject(line.front(), rejection::superseded_by_replace);
        line.pop_front();
      }
      line.push_front(n);
      retire(slot);
    }
  }

  /// Whether this call stopped it.
  bool remove(std::size_t n) {
    auto& x = tasks[n];
    auto& line = lines[x.slot];
    auto at = std::find(line.begin(), line.end(), n);
    if (at != line.end()) {
      line.erase(at);
      reject(n, rejection::removed_from_queue);
      return true;
    }
    if (owners[x.slot] != n || x.does == body::name_taken || x.stopped)
      return false;
    x.stopped = now_;
    return true;
  }

  /// How many were purged.
  std::size_t purge(std::size_t slot) {
    return reject_line(slot, rejection::removed_from_queue);
  }

  /// Whose stop was ordered, if anybody's.
  std::size_t cancel(std::size_t slot) {
    auto owner = owners[slot];
    purge(slot);
    if (owner == none || !retire(slot))
      return none;
    return owner;
  }

  void shut_down() {
    for (std::size_t slot = 0; slot < slots; ++slot) {
      settle_decision(slot);
      reject_line(slot, rejection::controller_shutting_down);
      if (auto owner = owners[slot]; owner != none)
        stop(tasks[owner]);
    }
  }

  /// The answers of this moment come: decisions, and ends of what obeys.
  void settle() {
    for (std::size_t slot = 0; slot < slots; ++slot)
      while (settle_decision(slot) || end_obedient(slot)) {
        // the next owner may end at once, too
      }
  }

  void advance(duration d) {
    auto target = now_ + d;
    settle();
    while (auto next = next_deadline(target)) {
      now_ = *next;
      for (std::size_t slot = 0; slot < slots; ++slot)
        meet_deadlines(slot);
      settle();
    }
    now_ = target;
  }

private:
  void start(std::size_t n) {
    auto& x = tasks[n];
    x.started = now_;
    x.queued = now_ - x.submitted;
    owners[x.slot] = n;
    history[x.slot].push_back(n);
  }

  void end(std::size_t slot, std::string kind) {
    tasks[owners[slot]].end = std::move(kind);
    owners[slot] = none;
    if (lines[slot].empty())
      return;
    auto next = lines[slot].front();
    lines[slot].pop_front();
    start(next);
  }

  void reject(std::size_t n, rejection why) {
    tasks[n].end = label(why);
    tasks[n].queued = now_ - tasks[n].submitted;
  }

  std::size_t reject_line(std::size_t slot, rejection why) {
    auto line = std::exchange(lines[slot], {});
    for (auto n : line)
      reject(n, why);
    return line.size();
  }

  void stop(model_task& x) {
    if (!x.stopped)
      x.stopped = now_;
  }

  bool retire(std::size_t slot) {
    auto& x = tasks[owners[slot]];
    if (x.retired)
      return false;
    x.retired = true;
    if (!x.fresh)
      stop(x);
    return true;
  }

  bool settle_decision(std::size_t slot) {
    if (owners[slot] == none || !tasks[owners[slot]].fresh)
      return false;
    auto& x = tasks[owners[slot]];
    x.fresh = false;
    if (x.does == body::name_taken)
      end(slot, std::string{label(rejection::already_exists)});
    else if (x.retired)
      stop(x);
    return true;
  }

  bool end_obedient(std::size_t slot) {
    if (owners[slot] == none)
      return false;
    auto& x = tasks[owners[slot]];
    if (!x.stopped || x.does == body::ignores_stop)
      return false;
    end(slot, std::string{label(outcome_kind::canceled)});
    return true;
  }

  /// When the owner ends by itself or by force.
  std::optional<duration> end_of_owner(std::size_t slot) const {
    if (owners[slot] == none)
      return std::nullopt;
    const auto& x = tasks[owners[slot]];
    if (x.does == body::finishes)
      return x.started + x.takes;
    if (x.stopped)
      return *x.stopped + grace_;
    return std::nullopt;
  }

  std::optional<duration> next_deadline(duration limit) const {
    std::optional<duration> result;
    auto consider = [&](duration at) {
      if (at <= limit && (!result || at < *result))
        result = at;
    };
    for (std::size_t slot = 0; slot < slots; ++slot) {
      if (auto at = end_of_owner(slot))
        consider(*at);
      for (auto n : lines[slot])
        if (tasks[n].max_wait > duration::zero())
          consider(tasks[n].submitted + tasks[n].max_wait);
    }
    return result;
  }

  void meet_deadlines(std::size_t slot) {
    auto line = lines[slot];
    for (auto n : line) {
      const auto& x = tasks[n];
      if (x.max_wait <= duration::zero() || x.submitted + x.max_wait != now_)
        continue;
      std::erase(lines[slot], n);
      reject(n, rejection::waited_too_long);
    }
    if (end_of_owner(slot) != now_)
      return;
    auto forced = tasks[owners[slot]].does == body::ignores_stop;
    end(slot, std::string{label(forced ? outcome_kind::force_aborted
                                       : outcome_kind::completed)});
  }

  std::size_t limit_;
  duration grace_;
  duration now_{0};
};

} // namespace taskvisor::test
