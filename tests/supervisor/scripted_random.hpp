#pragma once

#include "taskvisor/supervisor/random_source.hpp"

#include <cstddef>
#include <initializer_list>
#include <vector>

namespace taskvisor::test {

/// Returns the given numbers over and over, and counts how many it gave.
class scripted_random final : public random_source {
public:
  scripted_random(std::initializer_list<std::uint64_t> numbers)
    : numbers_(numbers) {
    // nop
  }

  std::uint64_t next() noexcept override {
    return numbers_[drawn_++ % numbers_.size()];
  }

  std::size_t drawn() const noexcept { return drawn_; }

private:
  std::vector<std::uint64_t> numbers_;
  std::size_t drawn_ = 0;
};

} // namespace taskvisor::test
