#include "world.hpp"

#include <caf/send.hpp>

#include <string>
#include <utility>

namespace bench {

namespace {

tv::system_config make_config(const options& opts) {
  tv::system_config config;
  tv::detail::add_type_blocks<caf::id_block::bench_floor>(config);
  if (auto workers = opts.workers(); workers != 0)
    config.set(std::string{tv::detail::caf_prefix} + "scheduler.max-threads",
               workers);
  return config;
}

} // namespace

floor_types::floor_types() {
  tv::init_types();
  tv::detail::init_type_blocks<caf::id_block::bench_floor>();
}

world::world(const options& opts) : config(make_config(opts)), system(config) {}

void kill(const caf::actor& who) {
  caf::anon_send_exit(who, caf::exit_reason::kill);
}

} // namespace bench
