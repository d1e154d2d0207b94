#include "taskvisor/supervisor/management.hpp"

#include "scripted_specs.hpp"

#include "taskvisor/supervisor/blocking.hpp"
#include "taskvisor/testing/virtual_world.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::errc;
using tv::outcome_kind;
using tv::test::does;
using tv::test::hanging;
using tv::test::stubborn;
using tv::testing::scripted_task;
using tv::testing::virtual_world;

namespace {

/// What a client's request came to.
template <class T>
struct answer {
  std::optional<caf::expected<T>> result;
};

struct inbox {
  std::vector<tv::task_outcome> outcomes;
};

/// A CAF actor as a client: sends what it is told to, keeps the answers.
class client : public caf::event_based_actor {
public:
  client(caf::actor_config& cfg, std::function<void(client*)> ask,
         std::shared_ptr<inbox> box)
    : caf::event_based_actor(cfg), ask_(std::move(ask)), box_(std::move(box)) {}

  caf::behavior make_behavior() override {
    ask_(this);
    return {[this](const tv::task_outcome& x) { box_->outcomes.push_back(x); }};
  }

private:
  std::function<void(client*)> ask_;
  std::shared_ptr<inbox> box_;
};

template <class T>
struct asked {
  std::shared_ptr<answer<T>> reply = std::make_shared<answer<T>>();
  std::shared_ptr<inbox> box = std::make_shared<inbox>();
  caf::actor self;
};

/// One request of a CAF actor to the world's supervisor.
template <class T, class Message>
asked<T> ask(virtual_world& world, Message message) {
  asked<T> result;
  auto manager = world.handle().actor();
  auto send = [manager, message, to = result.reply](client* self) {
    tv::detail::ask(self, manager, message)
      .then([to](T& x) { to->result.emplace(std::move(x)); },
            [to](caf::error& x) { to->result.emplace(std::move(x)); });
  };
  result.self = world.system().spawn<client>(send, result.box);
  world.run();
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(management)

BOOST_AUTO_TEST_CASE(an_actor_adds_a_task_and_gets_its_id) {
  virtual_world world;
  auto id = ask<tv::task_id>(world, tv::add_task{hanging("t")});
  BOOST_TEST_REQUIRE(id.reply->result.has_value());
  auto tasks = *world.wait(world.handle().list());
  BOOST_TEST_REQUIRE(tasks.size() == 1u);
  BOOST_TEST((tasks[0].id == **id.reply->result));
}

BOOST_AUTO_TEST_CASE(an_actor_is_told_why_a_task_was_refused) {
  virtual_world world;
  world.add(hanging("t"));
  auto twin = ask<tv::task_id>(world, tv::add_task{hanging("t")});
  BOOST_TEST(
    (tv::code_of(twin.reply->result->error()) == errc::task_already_exists));
  auto bad = ask<tv::task_id>(world, tv::add_task{hanging("")});
  BOOST_TEST(tv::describe(bad.reply->result->error())
             == "invalid_config: name = '': must not be empty");
  auto none = ask<tv::task_id>(world, tv::add_task{});
  BOOST_TEST(tv::describe(none.reply->result->error())
             == "invalid_config: spec = none: must be given");
}

BOOST_AUTO_TEST_CASE(a_watching_actor_gets_the_reply_then_one_outcome) {
  virtual_world world;
  auto once = tv::task_spec::once("t", scripted_task{{{does::fail}}});
  auto x = ask<tv::task_id>(world, tv::watch_task{once});
  BOOST_TEST_REQUIRE(x.box->outcomes.size() == 1u);
  BOOST_TEST((x.box->outcomes[0].id == **x.reply->result));
  BOOST_TEST((x.box->outcomes[0].result.kind == outcome_kind::failed));
  BOOST_TEST(world.wait(world.handle().list())->empty());
}

BOOST_AUTO_TEST_CASE(an_actor_removes_and_cancels_by_id_and_by_name) {
  virtual_world world;
  auto first = world.add(hanging("first"));
  world.add(hanging("second"));
  auto removed = ask<bool>(world, tv::remove_task{first, {}});
  BOOST_TEST(**removed.reply->result == true);
  auto again = ask<bool>(world, tv::remove_task{first, {}});
  BOOST_TEST(**again.reply->result == false);
  auto canceled = ask<bool>(world, tv::cancel_task{{}, "second", {}});
  BOOST_TEST(**canceled.reply->result == true);
  BOOST_TEST(world.wait(world.handle().list())->empty());
}

BOOST_AUTO_TEST_CASE(an_actors_cancel_has_a_limit) {
  virtual_world world;
  world.add(stubborn("t"));
  auto canceled = ask<bool>(world, tv::cancel_task{{}, "t", 2s});
  world.advance(1999ms);
  BOOST_TEST(!canceled.reply->result.has_value());
  world.advance(1ms);
  BOOST_TEST((tv::code_of(canceled.reply->result->error())
              == errc::termination_timeout));
}

BOOST_AUTO_TEST_CASE(an_actor_lists_and_limits_and_shuts_down) {
  virtual_world world;
  world.add(hanging("t"));
  auto tasks = ask<std::vector<tv::task_info>>(world, tv::list_tasks{});
  BOOST_TEST((*tasks.reply->result)->size() == 1u);
  tv::detail::post(world.handle().actor(), tv::set_concurrency{1});
  world.run();
  world.add(hanging("waits"));
  BOOST_TEST((world.wait(world.handle().list())->at(1).state
              == tv::task_state::waiting_for_permit));
  auto ended = ask<tv::shutdown_report>(world, tv::shut_down{});
  BOOST_TEST((*ended.reply->result)->within_grace());
  auto late = ask<tv::task_id>(world, tv::add_task{hanging("late")});
  BOOST_TEST((tv::code_of(late.reply->result->error()) == errc::shutting_down));
}

BOOST_AUTO_TEST_CASE(a_task_that_cancels_itself_is_answered_and_canceled) {
  virtual_world world;
  auto after = std::make_shared<int>(0);
  auto body = [&world, after](tv::task_context& ctx) -> tv::attempt {
    auto id = ctx.id();
    co_await world.handle().cancel(id);
    ++*after;
  };
  auto task = world.watch(tv::task_spec::restartable("t", body));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::canceled));
  BOOST_TEST(*after == 0);
  BOOST_TEST(world.elapsed().count() == 0);
}

BOOST_AUTO_TEST_CASE(a_shielded_self_cancel_is_answered_at_the_claim) {
  virtual_world world;
  auto answer = std::make_shared<std::optional<bool>>();
  auto cleanup = [&world, answer](tv::task_context& ctx) -> tv::coro<> {
    auto id = ctx.id();
    auto claimed = co_await world.handle().cancel(id);
    *answer = *claimed;
  };
  auto body = [cleanup](tv::task_context& ctx) -> tv::attempt {
    auto inner = cleanup(ctx);
    co_await ctx.shielded(std::move(inner));
  };
  auto task = world.watch(tv::task_spec::restartable("t", body));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::canceled));
  BOOST_TEST((*answer == true));
}

BOOST_AUTO_TEST_CASE(a_shutdown_from_a_task_stops_that_task_too) {
  virtual_world world;
  auto after = std::make_shared<int>(0);
  auto body = [&world, after](tv::task_context&) -> tv::attempt {
    auto ended = world.handle().shutdown();
    co_await ended;
    ++*after;
  };
  auto task = world.watch(tv::task_spec::once("t", body));
  BOOST_TEST((world.wait(task.ended)->kind == outcome_kind::canceled));
  BOOST_TEST(*after == 0);
  auto report = world.wait(world.handle().shutdown());
  BOOST_TEST(report->within_grace());
  BOOST_TEST(world.elapsed().count() == 0);
}

BOOST_AUTO_TEST_CASE(only_tasks_whose_attempt_runs_are_alive) {
  virtual_world world{tv::supervisor_config{}.with_max_concurrent(2)};
  auto& handle = world.handle();
  world.add(hanging("b-runs"));
  world.add(stubborn("a-stops"));
  world.add(hanging("waits"));
  BOOST_TEST(*world.wait(handle.remove("a-stops")));
  auto expected = std::vector<std::string>{"a-stops", "b-runs"};
  BOOST_TEST(*world.wait(handle.alive()) == expected,
             boost::test_tools::per_element());
  BOOST_TEST(*world.wait(handle.is_alive("b-runs")));
  BOOST_TEST(!*world.wait(handle.is_alive("waits")));
  BOOST_TEST(!*world.wait(handle.is_alive("unknown")));
}

BOOST_AUTO_TEST_CASE(try_forms_fail_when_the_command_queue_is_full) {
  virtual_world world{tv::supervisor_config{}.with_command_queue_capacity(1)};
  auto& handle = world.handle();
  auto first = handle.add(hanging("t")); // takes the one place
  auto code = [](auto x) { return tv::code_of(x.get().error()); };
  BOOST_TEST((code(handle.try_add(hanging("u"))) == errc::command_queue_full));
  BOOST_TEST((code(handle.try_remove("t")) == errc::command_queue_full));
  BOOST_TEST((code(handle.try_cancel("t")) == errc::command_queue_full));
  BOOST_TEST((code(handle.try_cancel_with_timeout("t", 1s))
              == errc::command_queue_full));
  auto watched = handle.try_add_and_watch(hanging("v")).get();
  BOOST_TEST((tv::code_of(watched.error()) == errc::command_queue_full));
  auto waits = handle.remove("t");
  BOOST_TEST(!waits.ready());
  BOOST_TEST(*world.wait(waits));
  BOOST_TEST(!!world.wait(handle.try_add(hanging("t"))));
}

BOOST_AUTO_TEST_CASE(the_defaults_are_readable) {
  tv::task_defaults defaults;
  defaults.timeout = 7s;
  virtual_world world{tv::supervisor_config{}.with_defaults(defaults)};
  BOOST_TEST(world.handle().defaults().timeout.count()
             == tv::duration{7s}.count());
}

BOOST_AUTO_TEST_SUITE_END()
