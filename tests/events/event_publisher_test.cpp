#include "taskvisor/events/event_publisher.hpp"

#include "support/event_recorder.hpp"
#include "support/events_system.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <thread>

using namespace taskvisor;

namespace {

event named(std::string task, event_kind kind = event_kind::task_added) {
  event x;
  x.kind = kind;
  x.task = std::move(task);
  return x;
}

/// A sink together with what it saw.
struct listener {
  test::recording seen = std::make_shared<std::vector<event>>();
  event_sink_actor actor;
  std::uint64_t id = 0;
};

struct fixture : test::events_system {
  event_publisher publisher;

  listener listen(event_filter filter = nullptr,
                  std::shared_ptr<event_queue> queue = nullptr) {
    listener result;
    result.actor = system.spawn<test::event_recorder>(result.seen);
    auto sink = caf::actor_cast<caf::strong_actor_ptr>(result.actor);
    result.id = publisher.attach("listener", std::move(sink), std::move(queue),
                                 std::move(filter));
    return result;
  }

  /// What it saw until now.
  std::vector<event> finish(listener& x) {
    publisher.detach(x.id);
    detail::post(x.actor, close_sink{});
    wait_for(x.actor);
    return *x.seen;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(event_publisher_test, fixture)

BOOST_AUTO_TEST_CASE(without_subscribers_nothing_is_published) {
  BOOST_TEST(!publisher.wanted());
  auto early = listen();
  BOOST_TEST(publisher.wanted());
  publisher.publish(named("seen"));
  auto seen = finish(early);
  BOOST_TEST(!publisher.wanted());
  publisher.publish(named("lost"));
  auto late = listen();
  publisher.publish(named("next"));
  auto next = finish(late);
  BOOST_TEST_REQUIRE(seen.size() == 1u);
  BOOST_TEST_REQUIRE(next.size() == 1u);
  BOOST_TEST(next[0].task == "next");
  BOOST_TEST(next[0].seq == seen[0].seq + 1);
}

BOOST_AUTO_TEST_CASE(an_event_is_stamped_and_otherwise_as_published) {
  auto start = std::chrono::system_clock::now();
  auto one = listen();
  auto other = listen();
  auto sent = named("job", event_kind::attempt_failed);
  sent.reason = "why";
  sent.exit_code = 3;
  publisher.publish(sent);
  publisher.publish(sent);
  auto seen = finish(one);
  BOOST_TEST_REQUIRE(seen.size() == 2u);
  BOOST_TEST(seen[0].seq > 0u);
  BOOST_TEST(seen[1].seq == seen[0].seq + 1);
  BOOST_CHECK(seen[0].at >= start);
  BOOST_CHECK(finish(other) == seen);
  sent.seq = seen[0].seq;
  sent.at = seen[0].at;
  BOOST_CHECK(seen[0] == sent);
}

BOOST_AUTO_TEST_CASE(every_subscriber_sees_concurrent_events_in_order) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 2'000;
  auto one = listen();
  auto other = listen();
  std::vector<std::thread> publishers;
  for (std::size_t i = 0; i < threads; ++i)
    publishers.emplace_back([this, i] {
      for (std::size_t n = 0; n < each; ++n)
        publisher.publish(named(std::to_string(i)));
    });
  for (auto& x : publishers)
    x.join();
  auto seen = finish(one);
  BOOST_TEST_REQUIRE(seen.size() == threads * each);
  std::size_t gaps = 0;
  for (std::size_t i = 1; i < seen.size(); ++i)
    gaps += seen[i].seq != seen[i - 1].seq + 1;
  BOOST_TEST(gaps == 0u);
  BOOST_CHECK(finish(other) == seen);
}

BOOST_AUTO_TEST_CASE(a_filter_chooses_for_its_subscriber_only) {
  auto all = listen();
  auto some = listen([](const event& x) { return x.task == "b"; });
  for (auto* name : {"a", "b", "c"})
    publisher.publish(named(name));
  auto seen = finish(some);
  BOOST_TEST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0].task == "b");
  BOOST_TEST(finish(all).size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_filter_counts_as_yes) {
  auto broken =
    listen([](const event&) -> bool { throw std::logic_error{""}; });
  auto other = listen();
  publisher.publish(named("a"));
  BOOST_TEST(finish(broken).size() == 1u);
  BOOST_TEST(finish(other).size() == 1u);
}

BOOST_AUTO_TEST_CASE(no_event_follows_a_detach) {
  auto gone = listen();
  auto other = listen();
  publisher.publish(named("seen"));
  BOOST_TEST(publisher.detach(gone.id));
  BOOST_TEST(!publisher.detach(gone.id));
  publisher.publish(named("missed"));
  auto seen = finish(gone);
  BOOST_TEST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0].task == "seen");
  BOOST_TEST(finish(other).size() == 2u);
}

BOOST_AUTO_TEST_CASE(detaching_all_returns_each_for_its_end) {
  auto one = listen();
  auto other = listen();
  auto ended = publisher.detach_all();
  BOOST_TEST(!publisher.wanted());
  publisher.publish(named("missed"));
  BOOST_TEST_REQUIRE(ended.size() == 2u);
  BOOST_TEST(ended[0].name == "listener");
  BOOST_TEST(ended[0].id == one.id);
  BOOST_TEST(ended[1].id == other.id);
  for (auto& x : ended)
    detail::post_shared(x.sink, caf::make_message(close_sink{}));
  wait_for(one.actor);
  wait_for(other.actor);
  BOOST_TEST(one.seen->empty());
}

BOOST_AUTO_TEST_CASE(a_detach_may_end_what_detaches_in_turn) {
  // The publisher holds the only handle: detaching ends the actor, and with it
  // the functor below runs.
  auto ended = std::make_shared<std::atomic<bool>>(false);
  auto sink = caf::actor_cast<caf::strong_actor_ptr>(
    system.spawn<test::event_recorder>(std::make_shared<std::vector<event>>()));
  sink->get()->attach_functor([this, ended](const caf::error&) {
    publisher.detach(99);
    *ended = true;
    ended->notify_all();
  });
  auto id = publisher.attach("only", std::move(sink));
  BOOST_TEST(publisher.detach(id));
  ended->wait(false);
  BOOST_TEST(*ended);
}

BOOST_AUTO_TEST_CASE(what_is_delivered_and_lost_adds_up) {
  auto queue = std::make_shared<event_queue>(3);
  auto one = listen(nullptr, queue); // never gives a place back
  for (int i = 0; i < 10; ++i)
    publisher.publish(named("a"));
  publisher.publish(named("b", event_kind::runtime_failure));
  BOOST_TEST(queue->depth() == 3u);
  BOOST_TEST(queue->lost() == 8u);
  BOOST_TEST(queue->lost_ordinary() == 7u);
  auto seen = finish(one);
  BOOST_TEST(seen.size() == 3u);
  for (std::size_t i = 0; i < seen.size(); ++i)
    queue->give_back();
  BOOST_TEST(queue->delivered() == 3u);
  BOOST_TEST(queue->depth() == 0u);
}

BOOST_AUTO_TEST_CASE(a_queue_never_holds_more_than_its_capacity) {
  constexpr std::size_t each = 20'000;
  event_queue queue{4};
  std::atomic<std::size_t> too_deep{0};
  std::vector<std::thread> users;
  for (int i = 0; i < 4; ++i)
    users.emplace_back([&] {
      for (std::size_t n = 0; n < each; ++n) {
        if (queue.take_place()) {
          too_deep += queue.depth() > queue.capacity();
          queue.give_back();
        }
      }
    });
  for (auto& x : users)
    x.join();
  BOOST_TEST(too_deep == 0u);
  BOOST_TEST(queue.depth() == 0u);
  BOOST_TEST(queue.delivered() + queue.lost() == 4 * each);
}

BOOST_AUTO_TEST_CASE(queues_tell_what_each_subscriber_has_lost) {
  auto narrow = std::make_shared<event_queue>(1);
  auto bounded = listen(nullptr, narrow);
  auto unbounded = listen();
  publisher.publish(named("a"));
  publisher.publish(named("b"));
  auto queues = publisher.queues();
  BOOST_TEST_REQUIRE(queues.size() == 1u);
  BOOST_TEST(queues[0].name == "listener");
  BOOST_TEST(queues[0].capacity == 1u);
  BOOST_TEST(queues[0].depth == 1u);
  BOOST_TEST(queues[0].delivered == 0u);
  BOOST_TEST(queues[0].lost == 1u);
  finish(bounded);
  finish(unbounded);
  BOOST_TEST(publisher.queues().empty());
}

BOOST_AUTO_TEST_CASE(nobody_is_taken_once_all_were_ended) {
  auto early = listen();
  BOOST_TEST(publisher.detach_all().size() == 1u);
  auto late = listen();
  BOOST_TEST(late.id == 0u);
  BOOST_TEST(!publisher.wanted());
  publisher.publish(named("lost"));
  BOOST_TEST(finish(early).empty());
  BOOST_TEST(finish(late).empty());
}

BOOST_AUTO_TEST_SUITE_END()
