#include "glob.hpp"

#include <cstddef>

namespace taskvisor::detail {

namespace {

/// Where the character after the one at `at` begins.
std::size_t next_character(std::string_view text, std::size_t at) noexcept {
  auto continues = [&](std::size_t i) {
    return i < text.size()
           && (static_cast<unsigned char>(text[i]) & 0xc0u) == 0x80u;
  };
  ++at;
  while (continues(at))
    ++at;
  return at;
}

} // namespace

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  // The last star, and where the text that it stands for ends so far: a
  // mismatch lets it take one byte more. Earlier stars need not be tried again.
  auto star = std::string_view::npos;
  std::size_t taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      t = next_character(text, t);
      ++p;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

} // namespace taskvisor::detail
