#pragma once

#include "taskvisor/testing/scripted_task.hpp"

#include <string>
#include <utility>

namespace taskvisor::test {

using does = testing::step::what;

/// Runs once, until it is stopped.
inline task_spec hanging(std::string name) {
  return task_spec::once(std::move(name),
                         testing::scripted_task{{{does::hang}}});
}

/// Runs once and ignores its stop.
inline task_spec stubborn(std::string name) {
  return task_spec::once(std::move(name),
                         testing::scripted_task{{{does::ignore_stop}}});
}

} // namespace taskvisor::test
