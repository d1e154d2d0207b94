#pragma once

#include "taskvisor/events/event.hpp"
#include "taskvisor/subscribers/line_sink.hpp"
#include "taskvisor/subscribers/subscriber.hpp"

#include <string>

namespace taskvisor {

/// One event as a JSON object on one line, without a line end:
///
///     {"seq":7,"at":"2026-11-23T12:53:00.000000001Z","event":"attempt_failed",
///     "level":"error","id":17,"task":"fetch","attempt":2,"reason":"no route",
///     "duration_ms":12.5}
///
/// Field names and labels are stable; fields may be added. Always there are
/// `seq`, `at` (UTC), `event` and `level`; of the others only what the event
/// has: `id`, `attempt`, `reason`, `outcome_kind`, `rejection_kind`,
/// `timeout_ms`, `delay_ms`, `duration_ms`, `queued_ms` (milliseconds, with up
/// to six decimals), `exit_code`, `backoff_source`, and the name of what it is
/// about as `task`, `slot`, `subscriber` or `component`.
///
/// Always valid: bytes that are no UTF-8 become U+FFFD, and control characters
/// are escaped, so that a line neither breaks nor steers a terminal.
std::string format_json(const event& x);

/// A callback for `attach_subscriber` that hands each event to `sink`: that of
/// a `line_file`, a `stream_sink`, or your own. Attach it as `blocking` if
/// writing may be slow.
event_callback json_lines_subscriber(line_sink sink);

} // namespace taskvisor
