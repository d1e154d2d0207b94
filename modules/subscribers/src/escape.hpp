#pragma once

#include <string>
#include <string_view>

namespace taskvisor::detail {

/// How text is made safe for one line of output.
enum class escape_mode {
  /// Control characters and backslashes.
  bare,
  /// Also quotation marks.
  quoted,
  /// Control characters, but line ends and tabs stay.
  lines,
};

/// Appends `text`: UTF-8 passes, its control characters (C0, DEL, C1, line and
/// paragraph separator, those that turn the direction of writing) and bytes
/// that are no UTF-8 become `\n`, `\x1b`, `\u{2028}`.
void append_escaped(std::string& out, std::string_view text, escape_mode mode);

/// Appends `text` as a JSON string, with its quotation marks. The same control
/// characters become `\n`, `\u202e`; bytes that are no UTF-8 U+FFFD.
void append_json(std::string& out, std::string_view text);

/// Appends `text` as the value of a label of Prometheus, without quotation
/// marks: bytes that are no UTF-8 become U+FFFD, as it refuses them.
void append_label_value(std::string& out, std::string_view text);

} // namespace taskvisor::detail
