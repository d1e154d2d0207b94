#include "escape.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

namespace taskvisor::detail {

namespace {

/// A code point and its bytes; no bytes: `text` does not start with UTF-8.
struct decoded {
  char32_t point = 0;
  std::size_t size = 0;
};

decoded decode(std::string_view text) {
  auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80)
    return {first, 1};
  auto size = first >= 0xf0 ? 4u : first >= 0xe0 ? 3u : 2u;
  if (first < 0xc2 || first > 0xf4 || text.size() < size)
    return {};
  char32_t point = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0u) != 0x80u)
      return {};
    point = point << 6 | (byte & 0x3fu);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < smallest[size] || point > 0x10ffff
      || (point >= 0xd800 && point <= 0xdfff))
    return {};
  return {point, size};
}

bool is_control(char32_t x) {
  return x < 0x20 || (x >= 0x7f && x <= 0x9f) || x == 0x2028 || x == 0x2029
         || (x >= 0x202a && x <= 0x202e) || (x >= 0x2066 && x <= 0x2069)
         || x == 0x200e || x == 0x200f || x == 0x061c;
}

std::string_view short_form(char32_t x) {
  switch (x) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\\':
      return "\\\\";
    case '"':
      return "\\\"";
    default:
      return {};
  }
}

bool passes(char32_t x, escape_mode mode) {
  if (mode == escape_mode::lines)
    return x == '\n' || x == '\t' || !is_control(x);
  if (x == '\\' || (x == '"' && mode == escape_mode::quoted))
    return false;
  return !is_control(x);
}

void append_escape(std::string& out, char32_t x) {
  if (auto text = short_form(x); !text.empty())
    out += text;
  else if (x < 0x80)
    fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                   static_cast<unsigned>(x));
  else
    fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}",
                   static_cast<unsigned>(x));
}

} // namespace

void append_escaped(std::string& out, std::string_view text, escape_mode mode) {
  while (!text.empty()) {
    auto [point, size] = decode(text);
    if (size == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                     static_cast<unsigned char>(text[0]));
      size = 1;
    } else if (passes(point, mode)) {
      out += text.substr(0, size);
    } else {
      append_escape(out, point);
    }
    text.remove_prefix(size);
  }
}

} // namespace taskvisor::detail
