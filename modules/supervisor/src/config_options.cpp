// The options `taskvisor.*`: one row of a table declares, reads and writes one.
#include "option_value.hpp"

#include "taskvisor/events/detail/duration_text.hpp"
#include "taskvisor/events/error.hpp"
#include "taskvisor/supervisor/system_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace taskvisor {

using namespace detail;

namespace {

/// A configuration with every option as a field of its own.
struct draft {
  supervisor_config config;
  restart_kind restart;
  duration interval;
  retry_limit max_retries;
  duration first;
  duration max;
  duration floor;
  double factor;
  jitter spread;

  explicit draft(const supervisor_config& x)
    : config(x),
      restart(x.defaults.restart.kind()),
      interval(x.defaults.restart.interval().value_or(duration::zero())),
      max_retries{x.defaults.max_retries},
      first(x.defaults.backoff.first()),
      max(x.defaults.backoff.max()),
      floor(x.defaults.backoff.floor()),
      factor(x.defaults.backoff.factor()),
      spread(x.defaults.backoff.jitter()) {}
};

struct option {
  std::string category;
  std::string name;
  std::string help;
  const caf::config_option::meta_state* type;
  std::string (*bound)();
  bool (*read)(const caf::config_value&, draft&);
  std::string (*write)(const draft&);

  std::string full_name() const { return category + '.' + name; }
};

template <class T>
const caf::config_option::meta_state* unchecked() {
  static const auto result = unchecked_option(option_value<T>::type);
  return &result;
}

/// `Field` gives a reference to the field of a draft.
template <class Field>
option row(const char* category, const char* name, const char* help, Field) {
  using field_type = std::invoke_result_t<Field, draft&>;
  using value = option_value<std::remove_cvref_t<field_type>>;
  return {category,
          name,
          help,
          unchecked<std::remove_cvref_t<field_type>>(),
          value::bound,
          [](const caf::config_value& x, draft& to) {
            auto result = value::read(x);
            if (result)
              Field{}(to) = *result;
            return result.has_value();
          },
          [](const draft& from) { return value::write(Field{}(from)); }};
}

// clang-format off
// NOLINTNEXTLINE(bugprone-macro-parentheses): the name of a member
#define TASKVISOR_FIELD(name) [](auto& x) -> auto& { return x.name; }
// clang-format on

/// Options of one category stand together, inner ones after outer ones.
const std::vector<option>& options() {
  static constexpr auto* top = "taskvisor";
  static constexpr auto* defaults = "taskvisor.defaults";
  static constexpr auto* backoff = "taskvisor.defaults.backoff";
  static const std::vector<option> result{
    row(top, "grace", "how long stopping tasks may take (60s)",
        TASKVISOR_FIELD(config.grace)),
    row(top, "subscriber-grace",
        "how long subscribers may take at the end (5s)",
        TASKVISOR_FIELD(config.subscriber_grace)),
    row(top, "max-concurrent", "attempts that run at a time, 0: no limit (0)",
        TASKVISOR_FIELD(config.max_concurrent)),
    row(top, "command-queue-capacity", "commands that may wait (1024)",
        TASKVISOR_FIELD(config.command_queue_capacity)),
    row(top, "blocking-threads", "threads for blocking functions (16)",
        TASKVISOR_FIELD(config.blocking_threads)),
    row(top, "worker-threads", "threads of CAF, 0: one a core (0)",
        TASKVISOR_FIELD(config.worker_threads)),
    row(top, "dedicated-threads", "threads for control alone (true)",
        TASKVISOR_FIELD(config.dedicated_threads)),
    row(top, "seed", "seed of jitter, 0: a new one each time (0)",
        TASKVISOR_FIELD(config.seed)),
    row(defaults, "restart", "when a task runs again (on_failure)",
        TASKVISOR_FIELD(restart)),
    row(defaults, "interval", "pause after a success, if restart=always (0s)",
        TASKVISOR_FIELD(interval)),
    row(defaults, "timeout", "time for each attempt, 0s: no limit (0s)",
        TASKVISOR_FIELD(config.defaults.timeout)),
    row(defaults, "max-retries", "retries in a row (unlimited)",
        TASKVISOR_FIELD(max_retries)),
    row(backoff, "first", "pause before the first retry (200ms)",
        TASKVISOR_FIELD(first)),
    row(backoff, "max", "longest pause (30s)", TASKVISOR_FIELD(max)),
    row(backoff, "factor", "growth of the pause with each retry (2)",
        TASKVISOR_FIELD(factor)),
    row(backoff, "jitter", "how chance spreads the pause (equal)",
        TASKVISOR_FIELD(spread)),
    row(backoff, "floor", "shortest pause (0s)", TASKVISOR_FIELD(floor)),
  };
  return result;
}

#undef TASKVISOR_FIELD

caf::error refuse(std::string field, std::string value, std::string bound) {
  return make_error(
    config_error{std::move(field), std::move(value), std::move(bound)});
}

/// Reads the options in one group of the file and in those inside it.
caf::error read_group(const caf::settings& group, const std::string& category,
                      draft& to) {
  for (const auto& [key, value] : group) {
    auto name = fmt::format("{}.{}", category, key);
    auto is_name = [&](const option& x) { return x.full_name() == name; };
    auto is_group = [&](const option& x) { return x.category == name; };
    const auto& all = options();
    const auto* inner = caf::get_if<caf::settings>(&value);
    auto text = text_in(value).value_or(to_string(value));
    if (auto i = std::ranges::find_if(all, is_name); i != all.end()) {
      if (!i->read(value, to))
        return refuse(name, text, i->bound());
    } else if (std::ranges::none_of(all, is_group)) {
      return refuse(name, text, "is no option of taskvisor");
    } else if (inner == nullptr) {
      return refuse(name, text, "must be a group of options");
    } else if (auto err = read_group(*inner, name, to)) {
      return err;
    }
  }
  return {};
}

/// `config_error` speaks of fields, as in `backoff.max` or `max_retries`.
caf::error refuse_field(const char* category, config_error refused) {
  std::ranges::replace(refused.field, '_', '-');
  refused.field = std::string{category} + '.' + refused.field;
  return make_error(refused);
}

restart_policy restart_of(const draft& x) {
  switch (x.restart) {
    case restart_kind::never:
      return restart_policy::never;
    case restart_kind::always:
      return restart_policy::always(x.interval);
    default:
      return restart_policy::on_failure;
  }
}

caf::expected<supervisor_config> finish(draft x) {
  if (x.interval != duration::zero() && x.restart != restart_kind::always)
    return refuse("taskvisor.defaults.interval", exact_text(x.interval),
                  "must be 0s unless taskvisor.defaults.restart is always");
  // A policy would lower it without a word.
  if (x.floor > x.max)
    return refuse(
      "taskvisor.defaults.backoff.floor", exact_text(x.floor),
      fmt::format("must not exceed backoff.max ({})", exact_text(x.max)));
  auto& defaults = x.config.defaults;
  defaults.restart = restart_of(x);
  defaults.max_retries = x.max_retries.count;
  defaults.backoff = backoff_policy::custom(x.first, x.max, x.factor, x.spread)
                       .with_floor(x.floor);
  if (auto refused = defaults.validate())
    return refuse_field("taskvisor.defaults", *refused);
  if (auto refused = x.config.validate())
    return refuse_field("taskvisor", *refused);
  return x.config;
}

/// Names a protected member of the base class, which every host's class has.
struct options_access : caf::actor_system_config {
  static caf::config_option_set& of(caf::actor_system_config& cfg) {
    return cfg.*(&options_access::custom_options_);
  }
};

} // namespace

void add_options(caf::actor_system_config& cfg) {
  auto& declared = options_access::of(cfg);
  const auto& first = options().front();
  if (declared.qualified_name_lookup(first.full_name()) != nullptr)
    return;
  for (const auto& x : options())
    declared.add(caf::config_option{x.category, x.name, x.help, x.type});
}

caf::expected<supervisor_config> read_config(
  const caf::actor_system_config& cfg, supervisor_config defaults) {
  draft result{defaults};
  result.config.system = caf::content(cfg);
  const auto& all = result.config.system;
  if (auto group = all.find("taskvisor"); group != all.end()) {
    const auto* inner = caf::get_if<caf::settings>(&group->second);
    if (inner == nullptr)
      return refuse("taskvisor", to_string(group->second),
                    "must be a group of options");
    if (auto err = read_group(*inner, "taskvisor", result))
      return err;
  }
  return finish(std::move(result));
}

std::string dump(const supervisor_config& config) {
  draft from{config};
  std::string result;
  std::string category;
  std::string indent;
  for (const auto& x : options()) {
    if (x.category != category) {
      auto name = x.category.substr(category.empty() ? 0 : category.size() + 1);
      result += fmt::format("{}{} {{\n", indent, name);
      indent += "  ";
      category = x.category;
    }
    result += fmt::format("{}{} = {}\n", indent, x.name, x.write(from));
  }
  while (!indent.empty()) {
    indent.resize(indent.size() - 2);
    result += indent + "}\n";
  }
  return result;
}

} // namespace taskvisor
