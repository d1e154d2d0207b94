#include "escape.hpp"

#include <boost/test/unit_test.hpp>

using namespace taskvisor::detail;

namespace {

std::string escaped(std::string_view text,
                    escape_mode mode = escape_mode::quoted) {
  std::string result;
  append_escaped(result, text, mode);
  return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(escape_test)

BOOST_AUTO_TEST_CASE(text_and_its_umlauts_pass) {
  for (auto text : {"", "fetch 17", "Gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac",
                    "\xf0\x9f\x98\x80"})
    BOOST_TEST(escaped(text) == text);
}

BOOST_AUTO_TEST_CASE(control_characters_become_visible) {
  BOOST_TEST(escaped("a\nb\r\tc") == R"(a\nb\r\tc)");
  BOOST_TEST(escaped(std::string_view{"\0\x1b[31m\x7f", 7})
             == R"(\x00\x1b[31m\x7f)");
  BOOST_TEST(escaped("\xc2\x9b"
                     "31m")
             == R"(\u{9b}31m)");
  BOOST_TEST(escaped("\xe2\x80\xa8\xe2\x80\xae") == R"(\u{2028}\u{202e})");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_become_visible) {
  BOOST_TEST(escaped("\x9b"
                     "31m")
             == R"(\x9b31m)");
  BOOST_TEST(escaped("\xff\xfe") == R"(\xff\xfe)");
  BOOST_TEST(escaped("\xc3") == R"(\xc3)");
  BOOST_TEST(escaped("\xe2\x82x") == R"(\xe2\x82x)");
  BOOST_TEST(escaped("\xc0\x8a") == R"(\xc0\x8a)");                 // overlong
  BOOST_TEST(escaped("\xe0\x80\x8a") == R"(\xe0\x80\x8a)");         // overlong
  BOOST_TEST(escaped("\xed\xa0\x80") == R"(\xed\xa0\x80)");         // surrogate
  BOOST_TEST(escaped("\xf4\x90\x80\x80") == R"(\xf4\x90\x80\x80)"); // too big
}

BOOST_AUTO_TEST_CASE(each_mode_keeps_what_is_harmless_there) {
  std::string_view text = "a\\b\"\n";
  BOOST_TEST(escaped(text, escape_mode::quoted) == R"(a\\b\"\n)");
  BOOST_TEST(escaped(text, escape_mode::bare) == R"(a\\b"\n)");
  BOOST_TEST(escaped(text, escape_mode::lines) == text);
  BOOST_TEST(escaped("\t\x1b", escape_mode::lines) == "\t\\x1b");
}

BOOST_AUTO_TEST_CASE(a_label_value_escapes_what_would_end_it) {
  std::string result;
  append_label_value(result, "a\\b\"c\nd\te\xff");
  BOOST_TEST(result == "a\\\\b\\\"c\\nd\te\xef\xbf\xbd");
}

BOOST_AUTO_TEST_SUITE_END()
