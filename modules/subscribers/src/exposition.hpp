#pragma once

#include "histogram.hpp"

#include "taskvisor/subscribers/metrics_subscriber.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace taskvisor::detail {

/// Metrics as text while it grows. A family is begun by `counter`, `gauge` or
/// `histogram`, what follows are its samples. Neither names nor help texts are
/// escaped: they are ours.
class exposition {
public:
  /// The value is escaped already, see `append_label_value`.
  struct label {
    std::string_view name;
    std::string_view value;
  };

  using labels = std::initializer_list<label>;

  exposition(metrics_format format, std::string prefix);

  /// The name without `_total`.
  void counter(std::string_view name, std::string_view help);
  void gauge(std::string_view name, std::string_view help);
  void histograms(std::string_view name, std::string_view help);

  void sample(labels by, std::uint64_t value);
  void sample(labels by, const histogram& value);

  /// The whole text.
  std::string take();

private:
  void family(std::string_view name, std::string_view type,
              std::string_view help);
  void line(std::string_view suffix, labels by, std::string_view bound,
            std::string_view value);

  metrics_format format_;
  std::string prefix_;
  std::string name_;
  std::string_view suffix_;
  std::string text_;
};

} // namespace taskvisor::detail
