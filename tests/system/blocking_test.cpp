#include "taskvisor/supervisor/blocking.hpp"

#include "taskvisor/supervisor/supervisor.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <memory>
#include <string>

namespace tv = taskvisor;
using namespace std::chrono_literals;
using tv::errc;
using tv::outcome_kind;

namespace {

constexpr auto patience = 30s;

/// A blocking body that returns only when the test lets it.
class lock {
public:
  tv::task_spec spec(std::string name) const {
    return tv::task_spec::once(std::move(name),
                               tv::blocking([begun = begun_, open = open_] {
                                 begun->set_value();
                                 open.wait();
                               }));
  }

  void await_begin() { begun_->get_future().wait(); }
  void open() { key_.set_value(); }

private:
  std::promise<void> key_;
  std::shared_future<void> open_ = key_.get_future().share();
  std::shared_ptr<std::promise<void>> begun_ =
    std::make_shared<std::promise<void>>();
};

tv::task_state state_of(const tv::supervisor_handle& handle, std::size_t at) {
  return handle.list().get(patience)->at(at).state;
}

} // namespace

BOOST_AUTO_TEST_SUITE(blocking)

BOOST_AUTO_TEST_CASE(a_blocking_body_in_the_queue_is_withdrawn) {
  tv::supervisor sup{tv::supervisor_config{}.with_blocking_threads(1)};
  auto handle = *sup.serve();
  lock key;
  auto first = *handle.add_and_watch(key.spec("first")).get(patience);
  key.await_begin();
  auto second = *handle.add_and_watch(lock{}.spec("second")).get(patience);
  while (state_of(handle, 1) != tv::task_state::waiting_for_thread) {
    // its actor has not begun the attempt yet
  }
  BOOST_TEST((state_of(handle, 0) == tv::task_state::running));
  BOOST_TEST(*handle.cancel("second").get(patience));
  BOOST_TEST((second.ended.get(patience)->kind == outcome_kind::canceled));
  key.open();
  BOOST_TEST((first.ended.get(patience)->kind == outcome_kind::completed));
}

BOOST_AUTO_TEST_CASE(a_blocking_body_may_cancel_itself) {
  tv::supervisor sup;
  auto handle = *sup.serve();
  auto claimed = std::make_shared<std::promise<bool>>();
  auto body = [&handle, claimed] {
    claimed->set_value(*handle.cancel("t").get(patience));
  };
  auto task =
    *handle.add_and_watch(tv::task_spec::once("t", tv::blocking(body)))
       .get(patience);
  BOOST_TEST((task.ended.get(patience)->kind == outcome_kind::canceled));
  BOOST_TEST(claimed->get_future().get());
}

BOOST_AUTO_TEST_CASE(a_blocking_body_may_shut_its_supervisor_down) {
  tv::supervisor sup;
  auto handle = *sup.serve();
  auto answer = std::make_shared<std::promise<errc>>();
  auto body = [&handle, answer] {
    answer->set_value(tv::code_of(handle.shutdown().get(patience).error()));
  };
  auto task =
    *handle.add_and_watch(tv::task_spec::once("t", tv::blocking(body)))
       .get(patience);
  BOOST_TEST((task.ended.get(patience)->kind == outcome_kind::canceled));
  BOOST_TEST((answer->get_future().get() == errc::stopped));
  BOOST_TEST(handle.shutdown().get(patience)->within_grace());
}

BOOST_AUTO_TEST_SUITE_END()
