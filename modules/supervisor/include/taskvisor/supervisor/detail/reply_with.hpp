#pragma once

#include "taskvisor/supervisor/actors.hpp"
#include "taskvisor/supervisor/pending.hpp"

#include <utility>

namespace taskvisor::detail {

/// Answers the request that `self` handles now when the operation is over:
/// back in `self`, since a promise belongs to its actor's thread. `after` is
/// called there with a value that was replied.
template <class Self, class Handle, class T, class After>
caf::result<T> reply_with(Self& self, const Handle& me, pending<T> answer,
                          After after) {
  auto promise = self.template make_response_promise<T>();
  std::move(answer).then(me, [promise, after](caf::expected<T> x) mutable {
    return deliver_reply{[promise, after, x = std::move(x)]() mutable {
      if (!x) {
        promise.deliver(std::move(x.error()));
        return;
      }
      promise.deliver(*x);
      after(*x);
    }};
  });
  return promise;
}

template <class Self, class Handle, class T>
caf::result<T> reply_with(Self& self, const Handle& me, pending<T> answer) {
  return reply_with(self, me, std::move(answer), [](const T&) {});
}

} // namespace taskvisor::detail
