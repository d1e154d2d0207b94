#include "escape.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

namespace taskvisor::detail {

namespace {

/// What a byte that is no UTF-8 becomes: U+FFFD.
constexpr std::string_view replacement = "\xef\xbf\xbd";

/// A code point and the number of its bytes, or one byte that is no UTF-8.
struct decoded {
  char32_t point = 0;
  std::size_t size = 1;
  bool valid = false;
};

decoded decode(std::string_view text) {
  auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80)
    return {first, 1, true};
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
  return {point, size, true};
}

/// Calls `use(decoded, bytes)` for each.
template <class Use>
void for_each_point(std::string_view text, Use use) {
  while (!text.empty()) {
    auto x = decode(text);
    use(x, text.substr(0, x.size));
    text.remove_prefix(x.size);
  }
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
  for_each_point(text, [&](const decoded& x, std::string_view bytes) {
    if (!x.valid)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                     static_cast<unsigned char>(bytes[0]));
    else if (passes(x.point, mode))
      out += bytes;
    else
      append_escape(out, x.point);
  });
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for_each_point(text, [&](const decoded& x, std::string_view bytes) {
    if (!x.valid)
      out += replacement;
    else if (auto name = short_form(x.point); !name.empty())
      out += name;
    else if (is_control(x.point)) // none of them is beyond U+FFFF
      fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                     static_cast<unsigned>(x.point));
    else
      out += bytes;
  });
  out += '"';
}

void append_label_value(std::string& out, std::string_view text) {
  for_each_point(text, [&](const decoded& x, std::string_view bytes) {
    if (!x.valid)
      out += replacement;
    else if (x.point == '\n' || x.point == '\\' || x.point == '"')
      out += short_form(x.point);
    else
      out += bytes;
  });
}

} // namespace taskvisor::detail
