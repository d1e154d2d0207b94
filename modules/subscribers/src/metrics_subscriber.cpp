#include "taskvisor/subscribers/metrics_subscriber.hpp"

#include "event_metrics.hpp"

#include "taskvisor/events/detail/bounds.hpp"
#include "taskvisor/events/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace taskvisor {

namespace {

/// As Prometheus wants names: no digit in front.
bool is_metric_name(std::string_view text) {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto may_begin = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
           || c == ':';
  };
  return !text.empty() && !is_digit(text[0])
         && std::all_of(text.begin(), text.end(),
                        [&](char c) { return may_begin(c) || is_digit(c); });
}

bool are_bounds(const std::vector<double>& x) {
  return std::all_of(x.begin(), x.end(),
                     [](double v) { return std::isfinite(v) && v > 0; })
         && std::adjacent_find(x.begin(), x.end(), std::greater_equal<>{})
              == x.end();
}

} // namespace

std::string_view content_type(metrics_format format) noexcept {
  return format == metrics_format::openmetrics
           ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
           : "text/plain; version=0.0.4; charset=utf-8";
}

std::optional<config_error> metrics_options::validate() const {
  if (!is_metric_name(prefix))
    return config_error{"prefix", '"' + prefix + '"',
                        "must be letters, digits, '_' and ':', and not begin "
                        "with a digit"};
  if (auto err = detail::at_least_one("max_label_values", max_label_values))
    return err;
  if (!are_bounds(buckets))
    return config_error{"buckets", fmt::format("{}", fmt::join(buckets, ", ")),
                        "must ascend, from above 0 to below infinity"};
  return detail::at_least_one("max_tracked", max_tracked);
}

class metrics_subscriber::state {
public:
  explicit state(metrics_options options) : metrics_(std::move(options)) {}

  template <class T>
  void apply(const T& x) {
    std::lock_guard guard{mutex_};
    metrics_.apply(x);
  }

  void watch(const std::shared_ptr<event_publisher>& publisher) {
    std::lock_guard guard{mutex_};
    publisher_ = publisher;
  }

  std::string text(metrics_format format) const {
    std::lock_guard guard{mutex_};
    auto publisher = publisher_.lock();
    return metrics_.text(format, publisher ? publisher->queues()
                                           : std::vector<queue_report>{});
  }

  bool stopping() const {
    std::lock_guard guard{mutex_};
    return metrics_.stopping();
  }

private:
  mutable std::mutex mutex_;
  detail::event_metrics metrics_;
  std::weak_ptr<event_publisher> publisher_;
};

metrics_subscriber::metrics_subscriber(std::shared_ptr<state> to)
  : state_(std::move(to)) {}

caf::expected<metrics_subscriber> metrics_subscriber::make(
  metrics_options options) {
  if (auto refused = options.validate())
    return make_error(*refused);
  return metrics_subscriber{std::make_shared<state>(std::move(options))};
}

caf::expected<subscription> metrics_subscriber::attach_to(
  caf::actor_system& system, const std::shared_ptr<event_publisher>& publisher,
  subscriber_options options) const {
  state_->watch(publisher);
  options.on_snapshot = [to = state_](const state_snapshot& x) {
    to->apply(x);
  };
  return attach_subscriber(system, publisher, std::move(options),
                           [to = state_](const event& x) { to->apply(x); });
}

std::string metrics_subscriber::text(metrics_format format) const {
  return state_->text(format);
}

bool metrics_subscriber::stopping() const {
  return state_->stopping();
}

} // namespace taskvisor
