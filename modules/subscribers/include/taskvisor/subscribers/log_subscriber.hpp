#pragma once

#include "taskvisor/events/event.hpp"
#include "taskvisor/subscribers/subscriber.hpp"

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace taskvisor {

/// One event as text for people, without a line end:
///
///     [007] [attempt_failed] task=fetch reason="no route" attempt=2
///
/// Not a stable format. Control characters of names and reasons are escaped,
/// so that an event is one line and cannot steer a terminal; only the text of
/// `state_dump` keeps its own lines. Colours mark the label by its severity.
std::string format_line(const event& x, bool colours = false);

/// Takes one formatted line, without a line end; valid during the call only.
using line_sink = std::function<void(std::string_view line)>;

/// A callback for `attach_subscriber` that hands each event to `sink`.
event_callback log_subscriber(line_sink sink, bool colours = false);

/// The same for a stream that stays open: a line is written whole and flushed
/// at once. Attach it as `blocking` if the reader of the stream may be slow.
/// What cannot be written is lost without a word.
event_callback log_subscriber(std::FILE* stream = stdout);

/// True if the stream is a terminal and the user did not set NO_COLOR.
bool wants_colours(std::FILE* stream);

} // namespace taskvisor
