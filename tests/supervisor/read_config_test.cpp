#include "support/parsed_config.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using test::arguments;
using test::parsed;
using test::refusal;
using test::why;
using tv::supervisor_config;

namespace {

/// One option with a value that differs from the default.
struct knob {
  std::string path; // below taskvisor, groups separated by a dot
  std::string value;
  bool (*took)(const supervisor_config&);

  std::string block() const {
    std::string open = "taskvisor {\n";
    std::string close = "\n}\n";
    auto rest = path;
    for (auto dot = rest.find('.'); dot != rest.npos; dot = rest.find('.')) {
      open += rest.substr(0, dot) + " {\n";
      close += "}\n";
      rest = rest.substr(dot + 1);
    }
    return open + rest + " = " + value + close;
  }

  std::string argument() const {
    auto bare = value;
    std::erase(bare, '"');
    return "--taskvisor." + path + "=" + bare;
  }
};

std::ostream& operator<<(std::ostream& out, const knob& x) {
  return out << x.path << " = " << x.value;
}

#define IS(condition) [](const supervisor_config& x) { return condition; }

const std::vector<knob> knobs{
  {"grace", "2min", IS(x.grace == 2min)},
  {"grace", "500ms", IS(x.grace == 500ms)},
  {"subscriber-grace", "2h", IS(x.subscriber_grace == 2h)},
  {"max-concurrent", "3", IS(x.max_concurrent == 3)},
  {"command-queue-capacity", "7", IS(x.command_queue_capacity == 7)},
  {"blocking-threads", "2", IS(x.blocking_threads == 2)},
  {"worker-threads", "5", IS(x.worker_threads == 5)},
  {"dedicated-threads", "false", IS(!x.dedicated_threads)},
  {"seed", "42", IS(x.seed == 42)},
  {"seed", "\"18446744073709551615\"", IS(x.seed == UINT64_MAX)},
  {"defaults.restart", "\"never\"",
   IS(x.defaults.restart == tv::restart_policy::never)},
  {"defaults.restart", "\"always\"",
   IS(x.defaults.restart == tv::restart_policy::always)},
  {"defaults.timeout", "10us", IS(x.defaults.timeout == 10us)},
  {"defaults.max-retries", "4", IS(x.defaults.max_retries == 4)},
  {"defaults.backoff.first", "1s", IS(x.defaults.backoff.first() == 1s)},
  {"defaults.backoff.max", "1s", IS(x.defaults.backoff.max() == 1s)},
  {"defaults.backoff.factor", "1.5", IS(x.defaults.backoff.factor() == 1.5)},
  {"defaults.backoff.factor", "3", IS(x.defaults.backoff.factor() == 3)},
  {"defaults.backoff.jitter", "\"band\"",
   IS(x.defaults.backoff.jitter() == tv::jitter::band)},
  {"defaults.backoff.floor", "7ns", IS(x.defaults.backoff.floor() == 7ns)},
};

#undef IS

struct wrong_value {
  std::string path;
  std::string value;
  std::string bound;
};

std::ostream& operator<<(std::ostream& out, const wrong_value& x) {
  return out << x.path << " = " << x.value;
}

const auto a_time = "must be a time of at least 0s, such as 500ms, 5s or 1min";

const std::vector<wrong_value> wrong_values{
  {"grace", "\"soon\"", a_time},
  {"grace", "5", a_time},
  {"grace", "-5s", a_time},
  {"grace", "[5s]", a_time},
  {"max-concurrent", "-1", "must be a whole number from 0 to 4294967295"},
  {"max-concurrent", "4294967296",
   "must be a whole number from 0 to 4294967295"},
  {"max-concurrent", "1.5", "must be a whole number from 0 to 4294967295"},
  {"max-concurrent", "5s", "must be a whole number from 0 to 4294967295"},
  {"command-queue-capacity", "0", "must be at least 1"},
  {"blocking-threads", "0", "must be at least 1"},
  {"dedicated-threads", "1", "must be true or false"},
  {"seed", "\"12x\"", "must be a whole number from 0 to 18446744073709551615"},
  {"defaults.restart", "\"allways\"", "must be never, on_failure or always"},
  {"defaults.restart", "true", "must be never, on_failure or always"},
  {"defaults.interval", "1s",
   "must be 0s unless taskvisor.defaults.restart is always"},
  {"defaults.max-retries", "0",
   "must be unlimited or a whole number from 1 to 4294967294"},
  {"defaults.max-retries", "\"many\"",
   "must be unlimited or a whole number from 1 to 4294967294"},
  {"defaults.backoff.first", "1min", "must not exceed backoff.max (30s)"},
  {"defaults.backoff.floor", "31s", "must not exceed backoff.max (30s)"},
  {"defaults.backoff.factor", "0.5", "must be finite and at least 1"},
  {"defaults.backoff.factor", "\"wide\"", "must be a number such as 1.5"},
  {"defaults.backoff.jitter", "\"loud\"", "must be none, full, equal or band"},
};

/// Every field but `system`.
bool same(const supervisor_config& a, const supervisor_config& b) {
  return a.grace == b.grace && a.subscriber_grace == b.subscriber_grace
         && a.max_concurrent == b.max_concurrent
         && a.command_queue_capacity == b.command_queue_capacity
         && a.blocking_threads == b.blocking_threads
         && a.worker_threads == b.worker_threads
         && a.dedicated_threads == b.dedicated_threads && a.seed == b.seed
         && a.defaults.restart == b.defaults.restart
         && a.defaults.backoff == b.defaults.backoff
         && a.defaults.timeout == b.defaults.timeout
         && a.defaults.max_retries == b.defaults.max_retries;
}

/// Any valid configuration; small, huge and odd values alike.
class random_config {
public:
  explicit random_config(std::uint64_t seed) : random_(seed) {}

  supervisor_config next() {
    supervisor_config x;
    x.grace = time();
    x.subscriber_grace = time();
    x.max_concurrent = static_cast<std::uint32_t>(number());
    x.command_queue_capacity = std::max<std::size_t>(number(), 1);
    x.blocking_threads = std::max<std::size_t>(number(), 1);
    x.worker_threads = number();
    x.dedicated_threads = number() % 2 == 0;
    x.seed = number();
    x.defaults.timeout = time();
    x.defaults.max_retries =
      std::max(static_cast<std::uint32_t>(number()), std::uint32_t{1});
    const tv::restart_policy restarts[] = {
      tv::restart_policy::never, tv::restart_policy::on_failure,
      tv::restart_policy::always, tv::restart_policy::always(time())};
    x.defaults.restart = restarts[number() % 4];
    auto max = time();
    auto spread = static_cast<tv::jitter>(number() % 4);
    x.defaults.backoff =
      tv::backoff_policy::custom(std::min(time(), max), max, factor(), spread)
        .with_floor(time());
    return x;
  }

private:
  /// Every size of number is as likely.
  std::uint64_t number() { return random_() >> (random_() % 64); }

  tv::duration time() {
    const tv::duration units[] = {1ns, 1us, 1ms, 1s, 1min, 1h};
    auto unit = units[number() % 6];
    auto count = (number() >> 1) % (tv::duration::max() / unit);
    return unit * static_cast<tv::duration::rep>(count);
  }

  double factor() {
    auto exponent = static_cast<double>(number() % 300);
    auto mantissa = static_cast<double>(number() >> 11);
    return 1 + std::ldexp(mantissa, -53) * std::pow(2, exponent);
  }

  std::mt19937_64 random_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(read_config)

BOOST_DATA_TEST_CASE(each_option_is_read_from_a_file, data::make(knobs), x) {
  BOOST_TEST(!x.took({}), "the value must differ from the default");
  auto result = parsed(x.block());
  BOOST_REQUIRE_MESSAGE(result, why(result));
  BOOST_TEST(x.took(*result));
}

BOOST_DATA_TEST_CASE(each_option_is_read_from_the_command_line,
                     data::make(knobs), x) {
  auto result = parsed("", {x.argument()});
  BOOST_REQUIRE_MESSAGE(result, why(result));
  BOOST_TEST(x.took(*result));
}

BOOST_DATA_TEST_CASE(a_wrong_value_is_named_with_its_bound,
                     data::make(wrong_values), x) {
  knob wrong{x.path, x.value, nullptr};
  auto bare = x.value;
  std::erase(bare, '"');
  auto start = "invalid_config: taskvisor." + x.path + " = ";
  auto from_file = refusal(wrong.block());
  BOOST_TEST(from_file.starts_with(start), from_file);
  BOOST_TEST(from_file.ends_with(": " + x.bound), from_file);
  BOOST_TEST(refusal("", {wrong.argument()}) == start + bare + ": " + x.bound);
}

BOOST_AUTO_TEST_CASE(the_command_line_overrides_the_file) {
  auto file = "taskvisor { grace = 1s, subscriber-grace = 2s }";
  auto result = parsed(file, {"--taskvisor.grace=3s"});
  BOOST_REQUIRE(result);
  BOOST_TEST((result->grace == 3s));
  BOOST_TEST((result->subscriber_grace == 2s));
}

BOOST_AUTO_TEST_CASE(what_is_not_said_stays_as_the_program_wants_it) {
  auto base = supervisor_config{}.with_grace(9s).with_blocking_threads(3);
  base.defaults.restart = tv::restart_policy::always(1s);
  base.defaults.backoff =
    tv::backoff_policy::constant(1s).with_floor(500ms).with_max(1h);
  auto result = parsed("taskvisor { blocking-threads = 4 }", {}, base);
  BOOST_REQUIRE(result);
  BOOST_TEST(same(*result, base.with_blocking_threads(4)));
}

BOOST_AUTO_TEST_CASE(an_interval_belongs_to_always) {
  auto result =
    parsed("taskvisor { defaults { restart = \"always\", interval = 30s } }");
  BOOST_REQUIRE(result);
  BOOST_TEST((result->defaults.restart == tv::restart_policy::always(30s)));
}

BOOST_AUTO_TEST_CASE(retries_can_be_unlimited) {
  supervisor_config base;
  base.defaults.max_retries = 3;
  auto result =
    parsed("", {"--taskvisor.defaults.max-retries=unlimited"}, base);
  BOOST_REQUIRE(result);
  BOOST_TEST(result->defaults.max_retries == tv::unlimited_retries);
}

BOOST_AUTO_TEST_CASE(a_typing_error_in_a_file_is_named) {
  BOOST_TEST(refusal("taskvisor { grce = 5 }")
             == "invalid_config: taskvisor.grce = 5: is no option of "
                "taskvisor");
  BOOST_TEST(refusal("taskvisor { defaults { backoff { fist = 5 } } }")
             == "invalid_config: taskvisor.defaults.backoff.fist = 5: is no "
                "option of taskvisor");
  BOOST_TEST(refusal("taskvisor { default { timeout = 5s } }")
               .starts_with("invalid_config: taskvisor.default = "));
  BOOST_TEST(refusal("taskvisor { defaults = 5 }")
             == "invalid_config: taskvisor.defaults = 5: must be a group of "
                "options");
}

// Without the declaration as unchecked, CAF 0.17 drops such a value.
BOOST_AUTO_TEST_CASE(
  a_wrong_value_in_a_section_is_named,
  *boost::unit_test::enable_if<tv::detail::caf_prefix.empty()>()) {
  BOOST_TEST(refusal("[taskvisor]\ngrace = 5\n")
             == std::string{"invalid_config: taskvisor.grace = 5: "} + a_time);
  BOOST_TEST(refusal("[taskvisor]\ngrace = 5s\n").empty());
}

BOOST_AUTO_TEST_CASE(a_typing_error_on_the_command_line_is_refused_by_caf) {
  BOOST_TEST(refusal("", {"--taskvisor.grce=5s"}).find("--taskvisor.grce=5s")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_dump_says_is_read_as_the_same) {
  auto first = tv::dump({});
  BOOST_TEST(first.starts_with("taskvisor {\n  grace = 1min\n"), first);
  random_config configs{20261123};
  for (auto i = 0; i < 2000; ++i) {
    auto config = configs.next();
    BOOST_REQUIRE(!config.validate());
    auto text = tv::dump(config);
    auto result = parsed(text);
    BOOST_REQUIRE_MESSAGE(result, text + why(result));
    BOOST_REQUIRE_MESSAGE(same(*result, config), text + tv::dump(*result));
  }
}

BOOST_AUTO_TEST_CASE(the_extremes_survive_a_dump) {
  supervisor_config config;
  config.grace = tv::duration::max();
  config.seed = UINT64_MAX;
  config.worker_threads = SIZE_MAX;
  config.defaults.max_retries = tv::unlimited_retries;
  config.defaults.backoff = tv::backoff_policy::custom(
    0s, tv::duration::max(), std::numeric_limits<double>::max(),
    tv::jitter::none);
  auto result = parsed(tv::dump(config));
  BOOST_REQUIRE_MESSAGE(result, why(result));
  BOOST_TEST(same(*result, config));
}

BOOST_AUTO_TEST_CASE(a_host_declares_the_options_in_its_own_class) {
  struct host_config : caf::actor_system_config {
    host_config() {
      tv::add_types(*this);
      tv::add_options(*this);
      tv::add_options(*this);
    }
    std::string help() const { return custom_options_.help_text(false); }
  };
  tv::init_types();
  host_config cfg;
  auto help = cfg.help();
  auto first = help.find("--taskvisor.grace=<timespan>");
  BOOST_TEST(first != help.npos, help);
  BOOST_TEST(help.find("--taskvisor.grace=", first + 1) == help.npos);
  BOOST_TEST(help.find("--taskvisor.defaults.backoff.jitter=<none|full|equal")
             != help.npos);
  std::istringstream file{"taskvisor { grace = 1s }"};
  arguments args{"--taskvisor.seed=9"};
  BOOST_REQUIRE(!cfg.parse(args, file));
  auto result = tv::read_config(cfg);
  BOOST_REQUIRE(result);
  BOOST_TEST((result->grace == 1s));
  BOOST_TEST(result->seed == 9u);
}

BOOST_AUTO_TEST_CASE(an_owned_system_has_a_worker_for_each_core_at_least_two) {
  auto key = std::string{tv::detail::caf_prefix} + "scheduler.max-threads";
  auto cores = std::max(std::thread::hardware_concurrency(), 2u);
  auto config = parsed("", {});
  BOOST_REQUIRE(config);
  for (const auto& x : {tv::supervisor_config{}, *config}) {
    tv::supervisor sup{x};
    BOOST_TEST(caf::get_or(sup.system().config(), key, std::size_t{0})
               == cores);
  }
}

BOOST_AUTO_TEST_CASE(an_owned_system_shares_one_queue_unless_told_otherwise) {
  auto key = std::string{tv::detail::caf_prefix} + "scheduler.policy";
  auto policy_of = [&key](const tv::supervisor_config& x) {
    tv::supervisor sup{x};
    const auto& config = sup.system().config();
#if TASKVISOR_CAF_1
    return caf::get_or(config, key, std::string{});
#else
    return to_string(caf::get_or(config, key, caf::atom("none")));
#endif
  };
  auto plain = parsed("", {});
  auto told = parsed("", {"--" + key + "=stealing"});
  BOOST_REQUIRE(plain);
  BOOST_REQUIRE(told);
  BOOST_TEST(policy_of(tv::supervisor_config{}) == "sharing");
  BOOST_TEST(policy_of(*plain) == "sharing");
  BOOST_TEST(policy_of(*told) == "stealing");
}

BOOST_AUTO_TEST_CASE(an_owned_system_takes_the_options_of_caf) {
  auto key = std::string{tv::detail::caf_prefix} + "scheduler.max-threads";
  auto config = parsed("", {"--" + key + "=3"});
  BOOST_REQUIRE(config);
  tv::supervisor as_told{*config};
  BOOST_TEST(caf::get_or(as_told.system().config(), key, std::size_t{0}) == 3u);
  BOOST_TEST(!tv::detail::has_bad_scheduler(as_told.system()));
  tv::supervisor overridden{config->with_worker_threads(2)};
  BOOST_TEST(caf::get_or(overridden.system().config(), key, std::size_t{0})
             == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
