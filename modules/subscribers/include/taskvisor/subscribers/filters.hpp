/// Ready-made filters for `subscriber_options::filter`:
///
///     options.filter = tv::filters::any_of(
///       {tv::filters::at_least(tv::severity::warning),
///        tv::filters::tasks("billing-*")});
///
/// None of them blocks, allocates or throws when it is asked. In a pattern `*`
/// stands for any text, also none, `?` for one character, all else for itself.
#pragma once

#include "taskvisor/events/event.hpp"
#include "taskvisor/events/event_publisher.hpp"

#include <initializer_list>
#include <string>
#include <vector>

namespace taskvisor::filters {

/// Events of these kinds.
event_filter kinds(std::initializer_list<event_kind> wanted);

/// Events as loud as `level` or louder.
event_filter at_least(severity level);

/// Events about tasks whose name matches the pattern.
event_filter tasks(std::string pattern);

/// Events of the controller about slots whose name matches the pattern.
event_filter slots(std::string pattern);

/// Events that all, any or none of the filters want. An empty filter wants
/// all events.
event_filter all_of(std::vector<event_filter> filters);
event_filter any_of(std::vector<event_filter> filters);
event_filter none_of(std::vector<event_filter> filters);

} // namespace taskvisor::filters
