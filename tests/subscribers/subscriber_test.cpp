#include "taskvisor/subscribers/subscriber.hpp"

#include "support/events_system.hpp"

#include "taskvisor/events/error.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

using namespace taskvisor;
using namespace std::chrono_literals;

namespace {

event named(std::string task, event_kind kind = event_kind::task_added) {
  event x;
  x.kind = kind;
  x.task = std::move(task);
  return x;
}

/// Tests end each subscriber and read afterwards what it saw: no lock needed.
struct fixture : test::events_system {
  std::shared_ptr<event_publisher> publisher =
    std::make_shared<event_publisher>();

  subscription attach(subscriber_options options, event_callback callback) {
    auto result = attach_subscriber(system, publisher, std::move(options),
                                    std::move(callback));
    BOOST_TEST_REQUIRE(static_cast<bool>(result));
    return *result;
  }

  void publish(std::string task, event_kind kind = event_kind::task_added) {
    publisher->publish(named(std::move(task), kind));
  }

  void finish(const subscription& x) {
    x.detach();
    wait_for(x.actor());
  }
};

/// A callback that waits in its first call until it is let go.
struct gate {
  std::promise<void> entered;
  std::promise<void> open;

  void pass() {
    if (passed_.exchange(true))
      return;
    entered.set_value();
    open.get_future().wait();
  }

private:
  std::atomic<bool> passed_{false};
};

std::vector<std::string> reports(const std::vector<event>& seen,
                                 event_kind kind) {
  std::vector<std::string> result;
  for (const auto& x : seen)
    if (x.kind == kind)
      result.push_back(x.task + ": " + x.reason);
  return result;
}

using strings = std::vector<std::string>;

std::string refusal(fixture& self, subscriber_options options,
                    event_callback callback) {
  auto result = attach_subscriber(self.system, self.publisher,
                                  std::move(options), std::move(callback));
  return result ? "accepted" : describe(result.error());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(subscriber_test, fixture)

BOOST_AUTO_TEST_CASE(wrong_options_are_refused_and_nothing_is_attached) {
  auto ignore = [](const event&) {};
  BOOST_TEST(refusal(*this, {.name = ""}, ignore)
             == "invalid_config: name = '': must not be empty");
  BOOST_TEST(refusal(*this, {.capacity = 0}, ignore)
             == "invalid_config: capacity = 0: must be at least 1");
  BOOST_TEST(refusal(*this, {.max_wait = -1ns}, ignore)
             == "invalid_config: max_wait = -1ns: must be 0 to 10s");
  BOOST_TEST(refusal(*this, {.max_wait = 11s}, ignore)
             == "invalid_config: max_wait = 11s: must be 0 to 10s");
  BOOST_TEST(refusal(*this, {.max_wait = 1s}, ignore)
             == "invalid_config: blocking = false: must be true if publishers "
                "wait (max_wait)");
  BOOST_TEST(refusal(*this, {}, nullptr)
             == "invalid_config: callback = empty: must be callable");
  BOOST_TEST(!publisher->wanted());
}

BOOST_AUTO_TEST_CASE(callbacks_run_one_at_a_time_and_in_order) {
  for (auto blocking : {false, true}) {
    std::vector<std::uint64_t> seen;
    std::atomic<int> running{0};
    int overlaps = 0;
    auto sub =
      attach({.capacity = 100'000, .blocking = blocking}, [&](const event& x) {
        overlaps += running++ != 0;
        seen.push_back(x.seq);
        --running;
      });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([this] {
        for (int n = 0; n < 1'000; ++n)
          publish("a");
      });
    for (auto& x : threads)
      x.join();
    finish(sub);
    BOOST_TEST(seen.size() == 4'000u);
    BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
    BOOST_TEST(overlaps == 0);
    BOOST_TEST(sub.delivered() == 4'000u);
    BOOST_TEST(sub.lost() == 0u);
    BOOST_TEST(sub.depth() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_stuck_subscriber_delays_nobody_else) {
  gate stuck;
  auto slow = attach({.name = "slow", .blocking = true},
                     [&](const event&) { stuck.pass(); });
  std::promise<void> third;
  auto quick = attach({.name = "quick"}, [&, n = 0](const event&) mutable {
    if (++n == 3)
      third.set_value();
  });
  for (int i = 0; i < 3; ++i)
    publish("a");
  third.get_future().wait(); // for ever, if the slow one were in the way
  BOOST_TEST(slow.delivered() == 0u);
  stuck.open.set_value();
  finish(slow);
  finish(quick);
  BOOST_TEST(slow.delivered() == 3u);
}

BOOST_AUTO_TEST_CASE(an_exception_is_told_once_and_the_next_event_is_served) {
  std::vector<event> seen;
  auto watcher =
    attach({.name = "watcher"}, [&](const event& x) { seen.push_back(x); });
  strings served;
  auto broken = attach({.name = "broken"}, [&](const event& x) {
    if (x.kind == event_kind::subscriber_panicked)
      return;
    served.push_back(x.task);
    if (x.task == "a")
      throw std::runtime_error{"no disk"};
    if (x.task == "b")
      throw 42;
  });
  for (auto* name : {"a", "b", "c"})
    publish(name);
  finish(broken);
  finish(watcher);
  BOOST_CHECK((served == strings{"a", "b", "c"}));
  BOOST_CHECK((reports(seen, event_kind::subscriber_panicked)
               == strings{"broken: no disk", "broken: not a std::exception"}));
  BOOST_TEST(broken.delivered() >= 3u);
}

BOOST_AUTO_TEST_CASE(nothing_is_told_of_a_throw_on_a_diagnostic) {
  std::vector<event> seen;
  auto watcher =
    attach({.name = "watcher"}, [&](const event& x) { seen.push_back(x); });
  auto broken = attach({.name = "broken"}, [](const event&) {
    throw std::runtime_error{"always"};
  });
  publish("a", event_kind::runtime_failure);
  publish("a", event_kind::subscriber_overflow);
  publish("a", event_kind::subscriber_panicked);
  publish("a");
  finish(broken);
  finish(watcher);
  BOOST_CHECK((reports(seen, event_kind::subscriber_panicked)
               == strings{"a: ", "broken: always"}));
}

BOOST_AUTO_TEST_CASE(losses_are_counted_and_told_once) {
  std::vector<event> seen;
  auto watcher =
    attach({.name = "watcher"}, [&](const event& x) { seen.push_back(x); });
  gate stuck;
  std::promise<void> told;
  strings served;
  auto slow = attach({.name = "slow", .capacity = 4, .blocking = true},
                     [&](const event& x) {
                       stuck.pass();
                       served.push_back(x.task);
                       if (x.kind == event_kind::subscriber_overflow)
                         told.set_value();
                     });
  publish("0");
  stuck.entered.get_future().wait();
  for (int i = 1; i < 10; ++i)
    publish(std::to_string(i));
  BOOST_TEST(slow.depth() == 4u);
  BOOST_TEST(slow.lost() == 6u);
  stuck.open.set_value();
  told.get_future().wait();
  publish("after");
  finish(slow);
  finish(watcher);
  BOOST_CHECK((reports(seen, event_kind::subscriber_overflow)
               == strings{"slow: full: 6 lost"}));
  auto lost = std::find_if(seen.begin(), seen.end(),
                           [](const event& x) { return x.lost.has_value(); });
  BOOST_TEST_REQUIRE((lost != seen.end()));
  BOOST_TEST(lost->lost.value() == 6u);
  BOOST_CHECK((served == strings{"0", "1", "2", "3", "slow", "after"}));
  BOOST_TEST(slow.delivered() == 6u);
  BOOST_TEST(slow.delivered() + slow.lost() == 12u);
}

BOOST_AUTO_TEST_CASE(after_losses_the_state_is_given_once_more) {
  gate stuck;
  strings served;
  std::promise<void> again;
  auto sub = attach({.capacity = 2,
                     .blocking = true,
                     .on_snapshot =
                       [&, n = 0](const state_snapshot&) mutable {
                         served.push_back("state");
                         if (++n == 2)
                           again.set_value();
                       }},
                    [&](const event& x) {
                      stuck.pass();
                      served.push_back(x.task);
                    });
  publish("0");
  stuck.entered.get_future().wait();
  for (int i = 1; i < 5; ++i)
    publish(std::to_string(i));
  stuck.open.set_value();
  again.get_future().wait();
  finish(sub);
  BOOST_TEST(sub.lost() == 3u);
  strings expected{"state", "0", "1", "subscriber", "state"};
  BOOST_TEST(served == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_can_wait_waits_for_a_place) {
  std::atomic<int> served{0};
  auto slow = attach({.capacity = 4, .blocking = true, .max_wait = 10s},
                     [&](const event&) {
                       std::this_thread::yield();
                       ++served;
                     });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this] {
      for (int n = 0; n < 1'000; ++n) {
        publisher->await_room();
        publish("a");
      }
    });
  for (auto& x : threads)
    x.join();
  finish(slow);
  BOOST_TEST(slow.lost() == 0u);
  BOOST_TEST(served == 4'000);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_stuck_subscriber_for_ever) {
  gate stuck;
  auto sub = attach({.capacity = 1, .blocking = true, .max_wait = 20ms},
                    [&](const event&) { stuck.pass(); });
  publish("a");
  stuck.entered.get_future().wait();
  auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i) {
    publisher->await_room();
    publish("b");
  }
  auto took = std::chrono::steady_clock::now() - begin;
  BOOST_TEST((took >= 20ms)); // once
  BOOST_TEST((took < 10s));   // not each time
  BOOST_TEST(sub.lost() == 1'000u);
  stuck.open.set_value();
  finish(sub);
}

BOOST_AUTO_TEST_CASE(a_lost_diagnostic_is_not_told) {
  std::vector<event> seen;
  auto watcher =
    attach({.name = "watcher"}, [&](const event& x) { seen.push_back(x); });
  gate stuck;
  auto slow = attach({.name = "slow", .capacity = 1, .blocking = true},
                     [&](const event&) { stuck.pass(); });
  publish("a");
  stuck.entered.get_future().wait();
  publish("b", event_kind::runtime_failure);
  stuck.open.set_value();
  finish(slow);
  finish(watcher);
  BOOST_TEST(slow.lost() == 1u);
  BOOST_TEST(reports(seen, event_kind::subscriber_overflow).empty());
}

BOOST_AUTO_TEST_CASE(what_was_lost_is_told_also_after_a_detach) {
  std::vector<event> seen;
  auto watcher =
    attach({.name = "watcher"}, [&](const event& x) { seen.push_back(x); });
  gate stuck;
  auto slow = attach({.name = "slow", .capacity = 1, .blocking = true},
                     [&](const event&) { stuck.pass(); });
  publish("a");
  stuck.entered.get_future().wait();
  publish("b");
  BOOST_TEST(slow.detach());
  stuck.open.set_value();
  wait_for(slow.actor());
  finish(watcher);
  BOOST_CHECK((reports(seen, event_kind::subscriber_overflow)
               == strings{"slow: full: 1 lost"}));
}

BOOST_AUTO_TEST_CASE(a_detach_delivers_what_waits_and_frees_the_callback) {
  gate stuck;
  auto token = std::make_shared<std::atomic<int>>(0);
  std::weak_ptr<std::atomic<int>> alive = token;
  auto sub = attach({.blocking = true}, [&stuck, token](const event&) {
    stuck.pass();
    ++*token;
  });
  for (int i = 0; i < 3; ++i)
    publish("a");
  stuck.entered.get_future().wait();
  BOOST_TEST(sub.detach());
  BOOST_TEST(!sub.detach());
  publish("missed");
  stuck.open.set_value();
  wait_for(sub.actor());
  BOOST_TEST(*token == 3);
  token.reset();
  BOOST_TEST(alive.expired());
}

BOOST_AUTO_TEST_CASE(a_callback_may_detach_its_own_subscriber) {
  std::promise<subscription> self;
  int calls = 0;
  auto sub = attach({}, [&, mine = self.get_future().share()](const event&) {
    ++calls;
    mine.get().detach();
  });
  self.set_value(sub);
  publish("a");
  wait_for(sub.actor());
  BOOST_TEST(calls == 1);
  BOOST_TEST(!publisher->wanted());
}

BOOST_AUTO_TEST_CASE(a_filter_decides_before_a_place_is_taken) {
  strings seen;
  auto sub = attach(
    {.capacity = 1, .filter = [](const event& x) { return x.task == "b"; }},
    [&](const event& x) { seen.push_back(x.task); });
  for (auto* name : {"a", "b", "c"})
    publish(name);
  finish(sub);
  BOOST_CHECK((seen == strings{"b"}));
  BOOST_TEST(sub.lost() == 0u);
}

BOOST_AUTO_TEST_CASE(a_killed_subscriber_is_not_published_to) {
  auto sub = attach({}, [](const event&) {});
  caf::anon_send_exit(sub.actor(), caf::exit_reason::kill);
  wait_for(sub.actor());
  // The functor that detaches may still run when the end is known.
  while (publisher->wanted())
    std::this_thread::yield();
  BOOST_TEST(!sub.detach());
}

BOOST_AUTO_TEST_CASE(a_subscriber_ends_after_its_publisher_is_gone) {
  std::weak_ptr<event_publisher> alive = publisher;
  gate stuck;
  auto sub = attach({.blocking = true}, [&](const event&) {
    stuck.pass();
    throw std::runtime_error{"told to nobody"};
  });
  publish("a");
  stuck.entered.get_future().wait();
  publisher.reset();
  BOOST_TEST(alive.expired());
  stuck.open.set_value();
  BOOST_TEST(!sub.detach());
  wait_for(sub.actor());
  BOOST_TEST(sub.delivered() == 1u);
}

BOOST_AUTO_TEST_CASE(a_subscription_may_outlive_the_actor_system) {
  for (auto blocking : {false, true}) {
    std::optional<subscription> kept;
    {
      fixture inner;
      kept = inner.attach({.blocking = blocking}, [](const event&) {});
      inner.publish("a");
      // Its end waits for every thread; for ever, if `kept` held the actor.
    }
    BOOST_TEST(kept->delivered() == 1u);
    BOOST_TEST(!kept->actor());
    BOOST_TEST(!kept->detach());
  }
}

BOOST_AUTO_TEST_CASE(nobody_is_attached_once_all_were_ended) {
  static_cast<void>(publisher->detach_all());
  BOOST_TEST(refusal(*this, {}, [](const event&) {})
             == "shutting_down: the supervisor has ended its subscribers");
}

BOOST_AUTO_TEST_SUITE_END()
