#include "support/child_process.hpp"
#include "support/temporary_path.hpp"

#include "taskvisor/metrics_http/metrics_server.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <regex>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::test::child_process;
using tv::test::temporary_path;

namespace {

constexpr std::string_view hostile = "a\"b\\c\nd\xff{}";

/// A supervisor with tasks of which the metrics are known, and its server.
struct served {
  tv::supervisor sup{tv::supervisor_config{}.with_worker_threads(2)};
  tv::metrics_subscriber metrics = *tv::metrics_subscriber::make();
  tv::subscription attached =
    *metrics.attach_to(sup.system(), sup.shared_events());
  tv::supervisor_handle handle = *sup.serve();
  tv::metrics_server server = start();

  tv::metrics_server start() {
    auto result = tv::metrics_server::start(metrics, {.port = 0});
    BOOST_TEST_REQUIRE(static_cast<bool>(result));
    return *result;
  }

  /// Three tasks that run on, and one that failed twice and then succeeded.
  void fill() {
    auto waits = [](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.sleep_for(1h);
    };
    for (const auto& name :
         {std::string{"x"}, std::string{"y"}, std::string{hostile}})
      BOOST_TEST_REQUIRE(
        static_cast<bool>(handle.add(tv::task_spec::once(name, waits)).get()));
    auto flaky = [](tv::task_context& ctx) {
      if (ctx.attempt() < 3)
        throw tv::fail{"not yet"};
    };
    auto task =
      handle
        .add_and_watch(tv::task_spec::restartable("flaky", flaky)
                         .with_backoff(tv::backoff_policy::constant(1ms)))
        .get();
    BOOST_TEST_REQUIRE(static_cast<bool>(task));
    BOOST_TEST(task->ended.get(8s)->is_success());
    while (attached.depth() != 0)
      std::this_thread::yield();
  }

  std::string url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", server.port(), path);
  }
};

/// What curl prints with these arguments.
std::string curl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"/usr/bin/curl", "-s", "-m", "5"});
  child_process child{arguments};
  child.join();
  return child.output();
}

/// A TCP port of loopback that was free just now.
int free_port() {
  auto socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  BOOST_TEST_REQUIRE(::bind(socket, any, size) == 0);
  BOOST_TEST_REQUIRE(::getsockname(socket, any, &size) == 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

/// A Prometheus server that scrapes one target all the time.
class prometheus {
public:
  explicit prometheus(std::uint16_t target) {
    std::filesystem::create_directory(folder_.path);
    auto config = folder_.path / "prometheus.yml";
    std::ofstream{config} << fmt::format(R"(
global: {{scrape_interval: 100ms}}
scrape_configs:
  - job_name: taskvisor
    static_configs: [{{targets: ["127.0.0.1:{}"]}}]
)",
                                         target);
    process_.emplace(std::vector<std::string>{
      "/usr/bin/prometheus", "--config.file=" + config.string(),
      "--storage.tsdb.path=" + (folder_.path / "data").string(),
      fmt::format("--web.listen-address=127.0.0.1:{}", port_),
      "--log.level=error"});
  }

  /// The value of the query, asked until it is `expected` or 20 s are over.
  std::string value(const std::string& query, const std::string& expected) {
    std::string answer;
    auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
      answer = curl({"-G", "--data-urlencode", "query=" + query,
                     fmt::format("http://127.0.0.1:{}/api/v1/query", port_)});
      auto end = answer.rfind("\"]}");
      if (end != std::string::npos) {
        auto begin = answer.rfind('"', end - 1) + 1;
        if (answer.substr(begin, end - begin) == expected)
          return expected;
      }
      std::this_thread::sleep_for(100ms); // it scrapes on a clock of its own
    }
    return answer;
  }

private:
  temporary_path folder_{"prometheus"};
  int port_ = free_port();
  std::optional<child_process> process_;
};

std::string promtool(const std::string& metrics) {
  temporary_path file{"metrics.txt"};
  std::ofstream{file.path} << metrics;
  child_process child{{"/bin/sh", "-c",
                       "/usr/bin/promtool check metrics < " + file.path.string()
                         + " 2>&1 && echo accepted"}};
  child.join();
  return child.output();
}

} // namespace

BOOST_AUTO_TEST_CASE(promtool_accepts_the_metrics) {
  served world;
  world.fill();
  BOOST_TEST(promtool(world.metrics.text(tv::metrics_format::prometheus))
             == "accepted\n");
  BOOST_TEST(promtool("a_total{ 1\n") != "accepted\n");
}

BOOST_AUTO_TEST_CASE(the_dashboard_and_the_alerts_ask_for_what_is_there) {
  const std::string folder = TASKVISOR_EXAMPLES "/metrics/";
  child_process check{{"/usr/bin/promtool", "check", "config",
                       folder + "prometheus.yml"}}; // and its rule files
  BOOST_TEST((check.join() == tv::test::process_end{0, 0}));
  auto text =
    tv::metrics_subscriber::make()->text(tv::metrics_format::prometheus);
  std::regex name{"taskvisor_[a-z_]+"};
  std::size_t found = 0;
  for (auto file : {"dashboard.json", "alerts.yml"}) {
    std::ifstream stream{folder + file};
    std::string content{std::istreambuf_iterator<char>{stream}, {}};
    for (std::sregex_iterator i{content.begin(), content.end(), name}, end;
         i != end; ++i) {
      auto metric = i->str();
      if (metric.ends_with("_bucket"))
        metric.erase(metric.rfind('_'));
      BOOST_TEST_CONTEXT(file << ": " << metric)
      BOOST_TEST(text.find("# TYPE " + metric + " ") != std::string::npos);
      ++found;
    }
  }
  BOOST_TEST(found > 20u);
}

BOOST_AUTO_TEST_CASE(prometheus_scrapes_a_running_supervisor) {
  served world;
  world.fill();
  prometheus server{world.server.port()};
  BOOST_TEST(server.value("sum(taskvisor_tasks{state=\"running\"})", "3")
             == "3");
  // It asks for OpenMetrics, and its parser of that is the strict one.
  BOOST_TEST(server.value("up", "1") == "1");
  BOOST_TEST(
    server.value("taskvisor_restarts_total{task=\"flaky\",after=\"failure\"}",
                 "2")
    == "2");
  // The hostile name; PromQL cannot spell the U+FFFD that is in it.
  BOOST_TEST(
    server.value("taskvisor_tasks{task=~\"(?s)a.b.+\",state=\"running\"}", "1")
    == "1");
  BOOST_TEST(*world.handle.cancel(std::string{"x"}).get(8s));
  BOOST_TEST(server.value("sum(taskvisor_tasks{state=\"running\"})", "2")
             == "2");
}

BOOST_AUTO_TEST_CASE(health_says_when_the_shutdown_has_begun) {
  served world;
  BOOST_TEST(curl({"-w", "%{http_code}", world.url("/healthz")})
             == "ready\n200");
  BOOST_TEST(static_cast<bool>(world.handle.shutdown().get(8s)));
  BOOST_TEST(curl({"-w", "%{http_code}", world.url("/healthz")})
             == "stopping\n503");
}

BOOST_AUTO_TEST_CASE(a_client_gets_what_http_promises) {
  served world;
  auto both = curl(
    {"-w", "%{num_connects} ", world.url("/healthz"), world.url("/healthz")});
  BOOST_TEST(both == "ready\n1 ready\n0 "); // the connection stays
  BOOST_TEST(curl({"-X", "DELETE", "-o", "/dev/null", "-w", "%{http_code}",
                   world.url("/metrics")})
             == "405");
  BOOST_TEST(curl({"-w", "%{http_code}", world.url("/")})
             == "there are /metrics and /healthz\n404");
  auto head = curl({"-I", world.url("/healthz")});
  BOOST_TEST(head.find("Content-Length: 6") != std::string::npos);
  BOOST_TEST(curl({"--http1.0", world.url("/healthz")}) == "ready\n");
  // A header beyond all measure ends the connection, not the server.
  BOOST_TEST(
    curl({"-H", "x: " + std::string(20'000, 'x'), world.url("/healthz")})
      .empty());
  BOOST_TEST(curl({world.url("/healthz")}) == "ready\n");
}

BOOST_AUTO_TEST_CASE(silent_connections_are_bounded_in_number_and_time) {
  auto metrics = *tv::metrics_subscriber::make();
  auto server = *tv::metrics_server::start(
    metrics, {.port = 0, .timeout = 300ms, .max_connections = 1});
  auto url = fmt::format("http://127.0.0.1:{}/healthz", server.port());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  BOOST_TEST_REQUIRE(
    ::connect(silent, reinterpret_cast<sockaddr*>(&address), sizeof(address))
    == 0);
  char byte = 0;
  BOOST_TEST(::recv(silent, &byte, 1, 0) <= 0); // the server gives it up
  ::close(silent);
  std::string answer;
  for (int i = 0; i < 50 && answer.empty(); ++i)
    answer = curl({url}); // the place may be given back a little later
  BOOST_TEST(answer == "ready\n");
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_refused_with_the_reason) {
  served world;
  auto refused =
    tv::metrics_server::start(world.metrics, {.port = world.server.port()});
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST(tv::describe(refused.error())
             == fmt::format("invalid_config: address and port = 127.0.0.1 {}: "
                            "must be free to listen on: "
                            "Address already in use",
                            world.server.port()));
}

BOOST_AUTO_TEST_CASE(it_leaves_signals_to_the_host) {
  struct sigaction before {};
  ::sigaction(SIGPIPE, nullptr, &before);
  sigset_t mask_before;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask_before);
  served world;
  BOOST_TEST(curl({world.url("/healthz")}) == "ready\n");
  struct sigaction after {};
  ::sigaction(SIGPIPE, nullptr, &after);
  sigset_t mask_after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask_after);
  BOOST_TEST((before.sa_handler == after.sa_handler));
  BOOST_TEST(sigismember(&mask_before, SIGINT)
             == sigismember(&mask_after, SIGINT));
}
