// What `catch` would take is found in an exception without throwing it.
#include "exception_cast.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using taskvisor::detail::exception_cast;

namespace {

struct code {
  int number = 7;
};

/// Its base lies behind another one.
struct coded_error : code, std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct left : virtual code {};
struct right : virtual code {};
struct diamond : left, right {};

class hidden : private code {};

struct first : code {};
struct second : code {};
struct twice : first, second {};

template <class T>
std::exception_ptr thrown(T x) {
  try {
    throw x;
  } catch (...) {
    return std::current_exception();
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(exception_cast_)

BOOST_AUTO_TEST_CASE(finds_the_thrown_object_itself) {
  auto error = thrown(std::out_of_range{"index 7"});
  const auto* x = exception_cast<std::out_of_range>(error);
  BOOST_TEST_REQUIRE(x != nullptr);
  BOOST_TEST(std::string{x->what()} == "index 7");
}

BOOST_AUTO_TEST_CASE(finds_a_base_wherever_it_lies) {
  auto error = thrown(coded_error{"coded"});
  const auto* base = exception_cast<std::exception>(error);
  BOOST_TEST_REQUIRE(base != nullptr);
  BOOST_TEST(std::string{base->what()} == "coded");
  BOOST_TEST(exception_cast<code>(error)->number == 7);
  BOOST_TEST(exception_cast<code>(thrown(diamond{})) != nullptr);
}

BOOST_AUTO_TEST_CASE(finds_nothing_that_catch_would_not_take) {
  BOOST_TEST(!exception_cast<std::logic_error>(thrown(coded_error{"coded"})));
  BOOST_TEST(!exception_cast<coded_error>(thrown(std::runtime_error{"x"})));
  BOOST_TEST(!exception_cast<code>(thrown(hidden{})));
  BOOST_TEST(!exception_cast<code>(thrown(twice{})));
}

BOOST_AUTO_TEST_CASE(knows_what_is_no_class) {
  BOOST_TEST(*exception_cast<int>(thrown(7)) == 7);
  BOOST_TEST(!exception_cast<long>(thrown(7)));
  BOOST_TEST(!exception_cast<std::exception>(thrown("text")));
}

BOOST_AUTO_TEST_CASE(of_nothing_is_nothing) {
  BOOST_TEST(!exception_cast<std::exception>(std::exception_ptr{}));
}

BOOST_AUTO_TEST_SUITE_END()
