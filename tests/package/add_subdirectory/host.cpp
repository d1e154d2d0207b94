// A host with message types of its own before and behind those of taskvisor,
// which begin where the host's CMakeLists.txt says.
#include <taskvisor/supervisor/supervisor.hpp>
#include <taskvisor/supervisor/type_ids.hpp>

#include <caf/event_based_actor.hpp>

#include <vector>

namespace tv = taskvisor;

CAF_BEGIN_TYPE_ID_BLOCK(host_first, caf::first_custom_type_id)
  CAF_ADD_TYPE_ID(host_first, (std::vector<int>))
CAF_END_TYPE_ID_BLOCK(host_first)

CAF_BEGIN_TYPE_ID_BLOCK(host_last, caf::id_block::taskvisor_supervisor::end)
  CAF_ADD_TYPE_ID(host_last, (std::vector<double>))
CAF_END_TYPE_ID_BLOCK(host_last)

static_assert(caf::id_block::host_first::end <= 1000);
template <class T>
constexpr caf::type_id_t id_of = caf::type_id<T>::value;

static_assert(id_of<tv::errc> == 1000);
static_assert(id_of<tv::wake> > 1000);
static_assert(id_of<std::vector<double>> > id_of<tv::wake>);

// CAF 1.x is told before there is a configuration, 0.17 by it. A host knows
// its CAF and writes one of the two; this one is built with both.
struct types_first {
  types_first() {
    tv::init_types();
    tv::detail::init_type_blocks<caf::id_block::host_first,
                                 caf::id_block::host_last>();
  }
};

struct host_config : types_first, caf::actor_system_config {
  host_config() {
    tv::add_types(*this);
    tv::detail::add_type_blocks<caf::id_block::host_first,
                                caf::id_block::host_last>(*this);
    tv::detail::prefer_good_scheduler(*this);
  }
};

caf::behavior sum_up() {
  return {
    [](const std::vector<int>& xs) { return static_cast<int>(xs.size()); },
    [](const std::vector<double>& xs) {
      return xs.empty() ? tv::wake{} : tv::wake{xs.size(), 7};
    },
  };
}

// Both of the host's types go out, a type of taskvisor's comes back.
tv::attempt ask_the_host(tv::task_context& ctx, caf::actor host) {
  std::vector<int> first{1, 2, 3};
  std::vector<double> last{0.5, 1.5};
  auto size = co_await ctx.request<int>(host, first);
  auto told = co_await ctx.request<tv::wake>(host, last);
  if (size != 3 || told.key != 2 || told.slot != 7)
    throw tv::fatal{"wrong replies"};
}

int main() {
  host_config config;
  caf::actor_system system{config};
  auto host = system.spawn(sum_up);
  int exit_code = 0;
  {
    tv::supervisor sup{system};
    auto ask = [host](tv::task_context& ctx) {
      return ask_the_host(ctx, host);
    };
    exit_code = sup.run({tv::task_spec::once("ask", ask)}).exit_code();
  }
  caf::anon_send_exit(host, caf::exit_reason::user_shutdown);
  return exit_code;
}
