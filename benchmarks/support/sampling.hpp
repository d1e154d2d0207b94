#pragma once

#include "measure.hpp"

#include <cstddef>
#include <functional>

namespace bench {

/// Takes samples, each timed by itself, and gives the one whose wall time is
/// the median, with the mean of their CPU times.
measurement median_of(std::size_t samples,
                      const std::function<measurement()>& take);

} // namespace bench
