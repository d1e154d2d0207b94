// Functions on the supervisor's threads: what they give, how they learn of a
// stop, and that a late return wakes nobody.
#include "support/look_inside.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

namespace tv = taskvisor;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

namespace {

/// Holds a function until the test lets it go.
class barrier {
public:
  void pass() {
    entered_.count_down();
    released_.wait();
  }

  void await_entered() { entered_.wait(); }
  void release() { released_.count_down(); }

private:
  std::latch entered_{1};
  std::latch released_{1};
};

/// Returns when it was told to stop.
void wait_for_stop(const std::stop_token& stop, std::promise<void>* entered) {
  entered->set_value();
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  never.wait(lock, stop, [] { return false; });
}

int checked_sum(int a, int b) {
  if (a < 0)
    throw std::out_of_range{"a = -1"};
  return a + b;
}

/// One thread for functions: when one returns to its task, every earlier one
/// has done so.
struct fixture {
  std::optional<tv::supervisor> sup{
    std::in_place, tv::supervisor_config{}.with_blocking_threads(1)};
  std::optional<tv::supervisor_handle> handle = *sup->serve();

  template <class Body>
  tv::watched_task start(std::string name, Body body) {
    return *handle->add_and_watch(tv::task_spec::once(std::move(name), body))
              .get(10s);
  }

  template <class Body>
  tv::outcome outcome_of(Body body) {
    return *start("t", body).ended.get(10s);
  }

  void await_all_functions() {
    auto done = outcome_of([](tv::task_context& ctx) -> tv::attempt {
      (void)co_await ctx.offload(checked_sum, 1, 1);
    });
    BOOST_TEST(done.is_success());
  }
};

enum class how { canceled, timed_out, left };

std::ostream& operator<<(std::ostream& out, how x) {
  const char* names[]{"canceled", "timed out", "left"};
  return out << names[static_cast<std::size_t>(x)];
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(offload, fixture)

BOOST_AUTO_TEST_CASE(a_function_gives_its_value_or_its_exception) {
  std::string log;
  auto result = outcome_of([&log](tv::task_context& ctx) -> tv::attempt {
    auto n = co_await ctx.offload(checked_sum, 20, 22);
    log += std::to_string(n);
    try {
      (void)co_await ctx.offload(checked_sum, -1, 1);
    } catch (const std::out_of_range& x) {
      log += std::string{" "} + x.what();
    }
    (void)co_await ctx.offload(checked_sum, -1, 2);
  });
  BOOST_TEST(log == "42 a = -1");
  BOOST_TEST((result.kind == tv::outcome_kind::failed));
  BOOST_TEST(result.reason == "std::out_of_range: a = -1");
}

BOOST_DATA_TEST_CASE_F(fixture, a_function_is_told_to_stop,
                       data::make({how::canceled, how::timed_out, how::left}),
                       x) {
  std::promise<void> entered;
  auto body = [&](tv::task_context& ctx) -> tv::attempt {
    auto job = ctx.offload(wait_for_stop, &entered);
    if (x != how::left) {
      co_await std::move(job);
      co_return;
    }
    auto first = co_await tv::when_any(std::move(job), ctx.sleep_for(10ms));
    if (first.index() != 1)
      throw tv::fatal{"the function came first"};
  };
  auto spec = tv::task_spec::once("t", body);
  auto task =
    *handle->add_and_watch(spec.with_timeout(x == how::timed_out ? 10ms : 0ms))
       .get(10s);
  if (x == how::canceled) {
    entered.get_future().wait();
    BOOST_TEST(*handle->cancel("t").get(10s));
  }
  auto expected = tv::outcome_kind::completed;
  if (x == how::canceled)
    expected = tv::outcome_kind::canceled;
  else if (x == how::timed_out)
    expected = tv::outcome_kind::failed;
  BOOST_TEST((task.ended.get(10s)->kind == expected));
  await_all_functions(); // it has returned
}

BOOST_AUTO_TEST_CASE(a_late_return_does_not_wake_the_next_task_of_the_actor) {
  barrier gate;
  tv::test::inside first;
  auto task = start("late", [&](tv::task_context& ctx) -> tv::attempt {
    co_await tv::test::look_inside{first};
    co_await ctx.offload(&barrier::pass, &gate);
  });
  gate.await_entered();
  BOOST_TEST(*handle->cancel("late").get(10s));
  BOOST_TEST((task.ended.get(10s)->kind == tv::outcome_kind::canceled));
  tv::test::inside second;
  std::promise<void> waits;
  tv::detail::promise_of<int> number;
  int got = 0;
  auto next = start("next", [&](tv::task_context& ctx) -> tv::attempt {
    co_await tv::test::look_inside{second};
    waits.set_value();
    auto n = co_await number.get_pending();
    got = n ? *n : -1;
    static_cast<void>(ctx);
  });
  waits.get_future().wait();
  BOOST_TEST((first.self == second.self));
  gate.release();
  await_all_functions();
  BOOST_TEST(!next.ended.ready());
  number.resolve(5);
  BOOST_TEST(next.ended.get(10s)->is_success());
  BOOST_TEST(got == 5);
}

BOOST_AUTO_TEST_CASE(a_late_return_does_not_wake_the_next_attempt) {
  barrier gate;
  std::promise<void> waits;
  tv::detail::promise_of<int> number;
  int got = 0;
  auto body = [&](tv::task_context& ctx) -> tv::attempt {
    auto attempt = ctx.attempt();
    if (attempt == 1)
      co_await ctx.offload(&barrier::pass, &gate);
    waits.set_value();
    auto n = co_await number.get_pending();
    got = n ? *n : -1;
  };
  auto task =
    *handle
       ->add_and_watch(tv::task_spec::restartable("late", body)
                         .with_timeout(50ms)
                         .with_max_retries(1)
                         .with_backoff(tv::backoff_policy::constant(1ms)))
       .get(10s);
  gate.await_entered();
  waits.get_future().wait();
  gate.release();
  auto result = task.ended.get(10s);
  BOOST_TEST(result->reason == "1 of 1 retries used: timed out after 50ms");
  await_all_functions();
  BOOST_TEST(got == 0);
}

BOOST_AUTO_TEST_CASE(a_function_may_return_when_its_supervisor_is_gone) {
  // Shared: the function may be in the middle of its return at the end.
  auto gate = std::make_shared<barrier>();
  auto gone = std::make_shared<std::latch>(1);
  auto body = [&](tv::task_context& ctx) -> tv::attempt {
    auto job = [gate, gone] {
      struct at_exit {
        std::shared_ptr<std::latch> gone;
        ~at_exit() { gone->count_down(); }
      };
      thread_local at_exit notice{gone};
      gate->pass();
    };
    co_await ctx.offload(job);
  };
  auto task = start("late", body);
  gate->await_entered();
  BOOST_TEST(*handle->cancel("late").get(10s));
  handle.reset();
  sup.reset();
  gate->release();
  gone->wait();
  BOOST_TEST((task.ended.get(10s)->kind == tv::outcome_kind::canceled));
}

BOOST_AUTO_TEST_SUITE_END()
