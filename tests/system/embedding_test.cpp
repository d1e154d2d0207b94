#include "taskvisor/subscribers/subscriber.hpp"
#include "taskvisor/supervisor/actor_task.hpp"
#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <future>
#include <memory>
#include <optional>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::outcome_kind;

namespace {

constexpr auto patience = 30s;

tv::attempt sleep_long(tv::task_context& ctx) {
  co_await ctx.sleep_for(1h);
}

tv::attempt ignore_stop(tv::task_context& ctx) {
  auto cleanup = [](tv::task_context& c) -> tv::coro<> {
    co_await c.sleep_for(1h);
  };
  auto inner = cleanup(ctx);
  co_await ctx.shielded(std::move(inner));
}

/// Owns a supervisor and gives it up when it is told to.
class keeper : public caf::event_based_actor {
public:
  keeper(caf::actor_config& cfg, std::unique_ptr<tv::supervisor> sup,
         std::shared_ptr<std::promise<void>> dropped)
    : caf::event_based_actor(cfg),
      sup_(std::move(sup)),
      dropped_(std::move(dropped)) {}

  caf::behavior make_behavior() override {
    return {[this](int) {
      sup_.reset();
      dropped_->set_value();
      quit();
    }};
  }

private:
  std::unique_ptr<tv::supervisor> sup_;
  std::shared_ptr<std::promise<void>> dropped_;
};

/// A host: its actor system, and how many actors of its own run in it.
struct host {
  tv::system_config config;
  caf::actor_system system{config};
};

} // namespace

BOOST_AUTO_TEST_SUITE(embedding)

BOOST_AUTO_TEST_CASE(two_supervisors_in_one_system_know_nothing_of_each_other) {
  host h;
  tv::supervisor one{h.system};
  auto first = *one.serve();
  {
    tv::supervisor two{h.system};
    auto second = *two.serve();
    auto spec = tv::task_spec::once("t", sleep_long);
    BOOST_TEST(!!first.add(spec).get(patience));
    BOOST_TEST(!!second.add(spec).get(patience));
    BOOST_TEST(!!second.shutdown().get(patience));
    BOOST_TEST(second.list().get(patience)->empty());
    BOOST_TEST(first.list().get(patience)->size() == 1u);
  }
  BOOST_TEST(*first.cancel("t").get(patience));
}

BOOST_AUTO_TEST_CASE(a_supervisor_leaves_no_actor_and_no_handler_behind) {
  host h;
  auto before = h.system.registry().running();
  struct sigaction old {};
  ::sigaction(SIGTERM, nullptr, &old);
  {
    tv::supervisor sup{h.system};
    auto handle = *sup.serve();
    for (int i = 0; i != 100; ++i)
      BOOST_TEST(
        !!handle.add(tv::task_spec::once(std::to_string(i), sleep_long))
            .get(patience));
    struct sigaction now {};
    ::sigaction(SIGTERM, nullptr, &now);
    BOOST_TEST((now.sa_handler == old.sa_handler));
  }
  h.system.registry().await_running_count_equal(before);
  BOOST_TEST(h.system.registry().running() == before);
}

BOOST_AUTO_TEST_CASE(the_last_owner_stops_everything_within_the_grace) {
  host h;
  std::optional<tv::watched_task> task;
  {
    tv::supervisor sup{h.system, tv::supervisor_config{}.with_grace(50ms)};
    task =
      *sup.serve()->add_and_watch(tv::task_spec::once("t", ignore_stop)).get();
  }
  BOOST_TEST_REQUIRE(task->ended.ready());
  BOOST_TEST((task->ended.get()->kind == outcome_kind::force_aborted));
}

BOOST_AUTO_TEST_CASE(a_handle_keeps_the_supervisor_running) {
  host h;
  std::optional<tv::supervisor_handle> handle;
  {
    tv::supervisor sup{h.system};
    handle = *sup.serve();
  }
  BOOST_TEST(!!handle->add(tv::task_spec::once("t", sleep_long)).get(patience));
  BOOST_TEST(handle->list().get(patience)->size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_actor_that_drops_the_last_owner_only_begins_the_stop) {
  std::optional<tv::watched_task> task;
  {
    host h;
    // Nobody waits for this: the patience of the test is shorter.
    auto config = tv::supervisor_config{}.with_grace(2s);
    auto sup = std::make_unique<tv::supervisor>(h.system, config);
    task =
      *sup->serve()->add_and_watch(tv::task_spec::once("t", ignore_stop)).get();
    auto dropped = std::make_shared<std::promise<void>>();
    auto done = dropped->get_future();
    auto owner = h.system.spawn<keeper>(std::move(sup), dropped);
    tv::detail::post(owner, 1);
    BOOST_TEST((done.wait_for(1s) == std::future_status::ready));
    BOOST_TEST(!task->ended.ready());
  } // the host's system waits for the supervisor to end
  BOOST_TEST((task->ended.get(patience)->kind == outcome_kind::force_aborted));
}

BOOST_AUTO_TEST_CASE(a_task_may_drop_the_last_owner_of_its_own_supervisor) {
  std::optional<tv::watched_task> task;
  {
    auto sup = std::make_shared<std::optional<tv::supervisor>>();
    sup->emplace(tv::supervisor_config{});
    auto body = [sup](tv::task_context& ctx) -> tv::attempt {
      co_await ctx.sleep_for(1ms);
      sup->reset();
      co_await ctx.sleep_for(1h);
    };
    task =
      *(*sup)->serve()->add_and_watch(tv::task_spec::once("t", body)).get();
  }
  BOOST_TEST((task->ended.get(patience)->kind == outcome_kind::canceled));
}

BOOST_AUTO_TEST_CASE(a_supervisor_that_was_never_started_ends_all_the_same) {
  tv::supervisor sup;
  tv::subscriber_options options;
  options.name = "listener";
  BOOST_TEST(!!tv::attach_subscriber(sup.system(), sup.shared_events(), options,
                                     [](const tv::event&) {}));
}

BOOST_AUTO_TEST_SUITE_END()
