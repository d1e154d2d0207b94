#include "sampling.hpp"

#include <algorithm>
#include <vector>

namespace bench {

measurement median_of(std::size_t samples,
                      const std::function<measurement()>& take) {
  std::vector<measurement> taken;
  double cpu = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    taken.push_back(take());
    cpu += taken.back().cpu;
  }
  std::sort(taken.begin(), taken.end(),
            [](const auto& a, const auto& b) { return a.wall < b.wall; });
  auto result = taken[samples / 2];
  result.cpu = cpu / static_cast<double>(samples);
  return result;
}

} // namespace bench
