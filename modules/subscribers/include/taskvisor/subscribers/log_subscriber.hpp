#pragma once

#include "taskvisor/events/event.hpp"
#include "taskvisor/subscribers/line_sink.hpp"
#include "taskvisor/subscribers/subscriber.hpp"

#include <cstdio>
#include <string>

namespace taskvisor {

/// One event as text for people, without a line end:
///
///     [007] [attempt_failed] task=fetch reason="no route" attempt=2
///
/// Not a stable format. Control characters of names and reasons are escaped,
/// so that an event is one line and cannot steer a terminal; only the text of
/// `state_dump` keeps its own lines. Colours mark the label by its severity.
std::string format_line(const event& x, bool colours = false);

/// A callback for `attach_subscriber` that hands each event to `sink`.
event_callback log_subscriber(line_sink sink, bool colours = false);

/// The same for a `stream_sink`, coloured if the stream wants colours. Attach
/// it as `blocking` if the reader of the stream may be slow.
event_callback log_subscriber(std::FILE* stream = stdout);

/// True if the stream is a terminal and the user did not set NO_COLOR.
bool wants_colours(std::FILE* stream);

} // namespace taskvisor
