// One shape a compilation, named by a macro; see CMakeLists.txt and
// docs/coroutines.md.
#include <taskvisor/supervisor/supervisor.hpp>

#include <functional>
#include <string>
#include <utility>

namespace tv = taskvisor;

struct query {
  std::string text;
};

struct made_query {
  explicit made_query(std::string x) : text(std::move(x)) {}
  made_query() = default;
  std::string text;
};

CAF_BEGIN_TYPE_ID_BLOCK(shapes, caf::id_block::taskvisor_supervisor::end)
  CAF_ADD_TYPE_ID(shapes, (query))
  CAF_ADD_TYPE_ID(shapes, (made_query))
CAF_END_TYPE_ID_BLOCK(shapes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(made_query)

std::size_t length(const std::string& text) {
  return text.size();
}

int call(const std::function<int()>& f) {
  return f();
}

tv::attempt body(tv::task_context& ctx, caf::actor peer, std::string text) {
  static_cast<void>(peer);
  int n = 0;
#if defined(OFFLOADED_LAMBDA)
  n = co_await ctx.offload([text] { return static_cast<int>(text.size()); });
#elif defined(OFFLOAD_ARGUMENT)
  n = co_await ctx.offload(call,
                           [text] { return static_cast<int>(text.size()); });
#elif defined(REQUEST_AGGREGATE)
  n = co_await ctx.request<int>(peer, query{text});
#elif defined(TRY_REQUEST_AGGREGATE)
  auto tried = co_await ctx.try_request<int>(peer, query{text});
  n = tried ? *tried : 0;
#elif defined(FORGOTTEN_THROW)
  tv::fail{"forgotten"};
#elif defined(ACCEPTED)
  auto job = [text] { return static_cast<int>(text.size()); };
  n = co_await ctx.offload(job);
  n += co_await ctx.offload(call, job);
  n += static_cast<int>(co_await ctx.offload(length, text));
  n += co_await ctx.offload([] { return 1; });
  query named{text};
  n += co_await ctx.request<int>(peer, named);
  n += co_await ctx.request<int>(peer, made_query{text});
  auto tried = co_await ctx.try_request<int>(peer, named);
  n += tried ? *tried : 0;
#else
#  error "which shape?"
#endif
  if (n < 0)
    throw tv::fail{"negative"};
  co_await ctx.sleep_for(std::chrono::seconds{1});
}
