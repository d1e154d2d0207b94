#include "controller_world.hpp"
#include "support/roundtrip.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>

using namespace std::chrono_literals;
using namespace taskvisor;
using namespace taskvisor::test;

namespace {

/// What a client got, in words.
using lines = std::vector<std::string>;

/// Sends requests on behalf of the test and writes down what comes.
class client : public caf::event_based_actor {
public:
  client(caf::actor_config& cfg, std::shared_ptr<lines> to,
         std::function<void(client&)> talk)
    : caf::event_based_actor(cfg),
      log_(std::move(to)),
      talk_(std::move(talk)) {}

  caf::behavior make_behavior() override {
    talk_(*this);
    return {[this](const task_outcome& x) { note(kind_of(x.result)); }};
  }

  void note(std::string line) { log_->push_back(std::move(line)); }

  /// `say` turns the reply into a line.
  template <class T, class Message>
  void ask_for(const admission_actor& to, Message message,
               std::function<std::string(const T&)> say) {
    detail::ask(this, to, std::move(message))
      .then([this, say](const T& x) { note(say(x)); },
            [this](const caf::error& x) { note(describe(x)); });
  }

private:
  std::shared_ptr<lines> log_;
  std::function<void(client&)> talk_;
};

lines talk(controller_world& w, std::function<void(client&)> what) {
  auto result = std::make_shared<lines>();
  {
    auto actor = w.world.system().spawn<client>(result, std::move(what));
    w.world.advance(10s);
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }
  w.world.run();
  return *result;
}

std::string taken(const task_id&) {
  return "taken";
}

template <class T>
void check_roundtrip(caf::actor_system& system, const T& x) {
  auto received = test::roundtrip(system, x);
  BOOST_TEST_REQUIRE(received.has_value());
  if constexpr (requires { x == x; })
    BOOST_TEST((*received == x));
}

} // namespace

BOOST_AUTO_TEST_SUITE(messages_test)

BOOST_AUTO_TEST_CASE(an_actor_submits_and_watches_by_messages) {
  controller_world w{controller_config{}.with_shards(4)};
  auto actor = w.ctrl->actor();
  auto said = talk(w, [actor](client& self) {
    auto wanted = submission::queue(takes("a", 1s));
    self.ask_for<task_id>(actor, watch_submission{wanted}, taken);
  });
  BOOST_TEST((said == lines{"taken", "outcome_completed"}));
}

BOOST_AUTO_TEST_CASE(a_rejection_comes_behind_the_reply) {
  controller_world w;
  w.watch(submission::queue(hangs("a")));
  auto actor = w.ctrl->actor();
  auto said = talk(w, [actor](client& self) {
    auto wanted = submission::drop_if_running(takes("a", 1s));
    self.ask_for<task_id>(actor, watch_submission{wanted}, taken);
  });
  BOOST_TEST((said == lines{"taken", "slot_busy"}));
}

BOOST_AUTO_TEST_CASE(an_actor_sees_purges_and_cancels_slots_by_messages) {
  controller_world w{controller_config{}.with_shards(4)};
  auto a = w.watch(submission::queue(hangs("a")).with_slot("s"));
  auto b = w.watch(submission::queue(hangs("b")).with_slot("s"));
  auto actor = w.ctrl->actor();
  auto seen = [](const controller_snapshot& x) {
    return x.empty() ? std::string{"nothing"}
                     : x.slots[0].key + " " + std::to_string(x.total_waiting());
  };
  auto cleared = [](const slot_cleared& x) {
    return std::to_string(x.purged) + (x.stopped ? " and the owner" : "");
  };
  auto said = talk(w, [=](client& self) {
    self.ask_for<controller_snapshot>(actor, list_slots{}, seen);
  });
  BOOST_TEST((said == lines{"s 1"}));
  said = talk(w, [=](client& self) {
    self.ask_for<slot_cleared>(actor, purge_slot{"s"}, cleared);
  });
  BOOST_TEST((said == lines{"1"}));
  said = talk(w, [=](client& self) {
    self.ask_for<slot_cleared>(actor, cancel_slot{"s"}, cleared);
  });
  BOOST_TEST((said == lines{"0 and the owner"}));
  BOOST_TEST(kind_of(w.end_of(a)) == "outcome_canceled");
  BOOST_TEST(kind_of(w.end_of(b)) == "removed_from_queue");
  said = talk(w, [=](client& self) {
    self.ask_for<controller_snapshot>(actor, list_slots{}, seen);
  });
  BOOST_TEST((said == lines{"nothing"}));
}

BOOST_AUTO_TEST_CASE(wrong_messages_are_answered_with_an_error) {
  controller_world w;
  auto actor = w.ctrl->actor();
  auto said = talk(w, [actor](client& self) {
    self.ask_for<task_id>(actor, submit_task{}, taken);
    auto slotless = submission::queue(takes("a", 1s)).with_slot("");
    self.ask_for<task_id>(actor, submit_task{slotless}, taken);
  });
  BOOST_TEST((said
              == lines{"invalid_config: what = none: must be given",
                       "invalid_config: slot = '': must not be empty"}));
}

BOOST_AUTO_TEST_CASE(an_outcome_at_the_shutdown_reaches_the_actor) {
  controller_world w{{}, supervisor_config{}.with_grace(5s)};
  auto actor = w.ctrl->actor();
  auto shutdown = w.world.handle();
  auto said = talk(w, [actor, shutdown](client& self) {
    self.ask_for<task_id>(actor, watch_submission{submission::queue(deaf("a"))},
                          [shutdown](const task_id&) {
                            // The controller ends at once, the task only after
                            // the grace.
                            static_cast<void>(shutdown.shutdown());
                            return std::string{"taken"};
                          });
  });
  BOOST_TEST((said == lines{"taken", "outcome_force_aborted"}));
}

BOOST_AUTO_TEST_CASE(every_message_without_a_closure_survives_the_network) {
  controller_world w;
  auto& system = w.world.system();
  auto id = task_id::next();
  slot_view view{"key", slot_status::stuck, id, 7, 3s};
  for (std::size_t i = 0; i < wire_count(slot_status{}); ++i)
    check_roundtrip(system, static_cast<slot_status>(i));
  for (std::size_t i = 0; i < wire_count(admission_policy{}); ++i)
    check_roundtrip(system, static_cast<admission_policy>(i));
  check_roundtrip(system, view);
  check_roundtrip(system, std::vector<slot_view>{view, slot_view{}});
  check_roundtrip(system, controller_snapshot{{view, slot_view{}}});
  check_roundtrip(system, slot_cleared{id, 7});
  BOOST_TEST((roundtrip(system, add_decided{id, true})->id == id));
  BOOST_TEST((roundtrip(system, add_decided{id, true})->added));
  BOOST_TEST((roundtrip(system, owner_ended{id})->id == id));
  BOOST_TEST((roundtrip(system, removal_ordered{id, true})->failed));
  BOOST_TEST(roundtrip(system, cancel_slot{"key"})->key == "key");
  BOOST_TEST(roundtrip(system, purge_slot{"key"})->key == "key");
  check_roundtrip(system, list_slots{});
  check_roundtrip(system, controller_drained{});
}

BOOST_AUTO_TEST_SUITE_END()
