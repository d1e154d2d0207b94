/// The one header that knows CAF's version: everything else is written once
/// and compiles without a warning on 0.17.6 and on 1.x. Not for users.
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/config_option.hpp>
#include <caf/config_option_set.hpp>
#include <caf/config_value.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/expected.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/thread_hook.hpp>
#include <caf/timespan.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#if CAF_MAJOR_VERSION >= 1
#  define TASKVISOR_CAF_1 1
#  include <caf/anon_mail.hpp>
#  include <caf/init_global_meta_objects.hpp>
#  include <caf/scheduler.hpp>
#else
#  define TASKVISOR_CAF_1 0
#  include <caf/allowed_unsafe_message_type.hpp>
#  include <caf/atom.hpp>
#  include <caf/make_message.hpp>
#  include <caf/meta/load_callback.hpp>
#  include <caf/meta/type_name.hpp>

#  include <cstdio>
#endif

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace taskvisor::detail {

// -- reflection: a message type names its members once -----------------------

template <class C, class M>
struct wire_field {
  const char* name;
  M C::*member;
};

template <class C, class M>
wire_field(const char*, M C::*) -> wire_field<C, M>;

/// A type that travels between nodes: `wire_name` is its name, `wire_fields()`
/// its members in the order of the wire.
template <class T>
concept wire_type = requires {
  T::wire_name;
  T::wire_fields();
};

/// An enum that travels: contiguous from 0; `wire_count(E)` is found by ADL and
/// returns the number of its enumerators.
template <class E>
concept wire_enum = std::is_enum_v<E> && requires(E e) {
  { wire_count(e) } -> std::convertible_to<std::size_t>;
};

template <class Inspector, wire_type T>
auto inspect_fields(Inspector& f, T& x) {
  return std::apply(
    [&](auto... fs) {
#if TASKVISOR_CAF_1
      return f.object(x).fields(f.field(fs.name, x.*fs.member)...);
#else
      return f(caf::meta::type_name(T::wire_name), (x.*fs.member)...);
#endif
    },
    T::wire_fields());
}

// -- type ids ----------------------------------------------------------------

#if TASKVISOR_CAF_1

/// The prefix of CAF's own configuration keys.
inline constexpr std::string_view caf_prefix = "caf.";

/// Whatever runs actors.
using resume_context = caf::scheduler;

/// CAF 1.x needs them for an error with a text, even before any actor system.
inline void ensure_core_types() {
  [[maybe_unused]] static const bool known = [] {
    if (caf::detail::global_meta_objects().empty())
      caf::core::init_global_meta_objects();
    return true;
  }();
}

template <class... Blocks>
void init_type_blocks() {
  caf::core::init_global_meta_objects();
  (caf::init_global_meta_objects<Blocks>(), ...);
}

template <class... Blocks>
void add_type_blocks(caf::actor_system_config&) {
  // CAF 1.x wants them before the configuration exists: init_type_blocks
}

#else

inline constexpr std::string_view caf_prefix = "";

using resume_context = caf::execution_unit;

inline void ensure_core_types() {}

template <class... Blocks>
void init_type_blocks() {
  // CAF 0.17 takes them with the configuration: add_type_blocks
}

template <class... Blocks>
void add_type_blocks(caf::actor_system_config& cfg) {
  (cfg.add_message_types<Blocks>(), ...);
}

#endif

// -- typed interfaces --------------------------------------------------------

#if TASKVISOR_CAF_1
template <class F>
struct signature;
template <class R, class... In>
struct signature<R(In...)> {
  using type = caf::result<R>(In...);
};
#else
template <class F>
struct signature;
template <class R, class... In>
struct signature<R(In...)> {
  using type = typename caf::replies_to<In...>::template with<R>;
};
template <class... In>
struct signature<void(In...)> {
  using type = caf::reacts_to<In...>;
};
#endif

/// One message of a typed interface: `sig<reply(arguments...)>`.
template <class F>
using sig = typename signature<F>::type;

// -- messages ----------------------------------------------------------------

/// Sends without a sender: in CAF an error result of a message with a sender
/// terminates that sender.
template <class To, class... Ts>
void post(const To& to, Ts&&... xs) {
#if TASKVISOR_CAF_1
  caf::anon_mail(std::forward<Ts>(xs)...).send(to);
#else
  caf::anon_send(to, std::forward<Ts>(xs)...);
#endif
}

/// Like `post`, but overtakes ordinary messages in the receiver's mailbox.
template <class To, class... Ts>
void post_urgent(const To& to, Ts&&... xs) {
#if TASKVISOR_CAF_1
  caf::anon_mail(std::forward<Ts>(xs)...).urgent().send(to);
#else
  caf::anon_send<caf::message_priority::high>(to, std::forward<Ts>(xs)...);
#endif
}

/// Enqueues one message that is shared by all its receivers.
inline void post_shared(const caf::strong_actor_ptr& to,
                        const caf::message& content) {
#if TASKVISOR_CAF_1
  to->enqueue(
    caf::make_mailbox_element(nullptr, caf::make_message_id(), content),
    nullptr);
#else
  to->enqueue(
    caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, content),
    nullptr);
#endif
}

/// A request without a deadline of CAF's own: a deadline of CAF stays in its
/// clock until it is due, also when the answer came long before.
template <class Self, class To, class... Ts>
auto ask(Self* self, const To& to, Ts&&... xs) {
#if TASKVISOR_CAF_1
  return self->mail(std::forward<Ts>(xs)...).request(to, caf::infinite);
#else
  return self->request(to, caf::infinite, std::forward<Ts>(xs)...);
#endif
}

// -- threads -----------------------------------------------------------------

inline thread_local bool on_marked_thread = false;

class thread_marker final : public caf::thread_hook {
public:
  void init(caf::actor_system&) override {}
#if TASKVISOR_CAF_1
  void thread_started(caf::thread_owner) override {
    on_marked_thread = true;
  }
#else
  void thread_started() override {
    on_marked_thread = true;
  }
#endif
  void thread_terminates() override {}
};

/// Lets `on_actor_thread` know the threads of systems with this configuration.
inline void mark_actor_threads(caf::actor_system_config& cfg) {
  cfg.add_thread_hook<thread_marker>();
}

/// Whether an actor may run on this thread.
inline bool on_actor_thread() noexcept {
  return on_marked_thread;
}

// -- configuration ------------------------------------------------------------

/// CAF's class with one spelling: `parse(argc, argv, file)`, where `file` is
/// read if it exists, `helptext_printed()`, and a `--help` that lists all
/// options but CAF's own.
class config_base : public caf::actor_system_config {
public:
#if TASKVISOR_CAF_1
  using caf::actor_system_config::parse;

  caf::error parse(int argc, char** argv, const char* file) {
    config_file_path(file);
    return parse(argc, argv);
  }
#else
  template <class... Ts>
  caf::error parse(Ts&&... xs) {
    auto result = caf::actor_system_config::parse(std::forward<Ts>(xs)...);
    if (!result && caf::get_or(content, "help", false))
      std::fputs(help_of_own_options().c_str(), stdout);
    return result;
  }

  bool helptext_printed() const noexcept {
    return cli_helptext_printed;
  }

private:
  std::string help_of_own_options() const {
    caf::config_option_set own;
    for (auto i = first_own_; i < custom_options_.size(); ++i) {
      const auto& option = custom_options_.begin()[static_cast<long>(i)];
      if (!option.has_flat_cli_name())
        own.add(option);
    }
    return own.help_text(false);
  }

  std::size_t first_own_ = custom_options_.size();
#endif
};

/// An option that CAF lists as `<type>` and whose values it takes as they are,
/// from the command line as a string. CAF would drop or refuse a value of
/// another type without naming the option.
inline caf::config_option::meta_state unchecked_option(const char* type) {
#if TASKVISOR_CAF_1
  return {[](void*, caf::config_value&) { return caf::error{}; },
          [](const void*) { return caf::config_value{}; }, type};
#else
  return {[](const caf::config_value&) { return caf::error{}; },
          [](void*, const caf::config_value&) {}, nullptr,
          [](void*, caf::string_view text) -> caf::expected<caf::config_value> {
            return caf::config_value{std::string{text.begin(), text.end()}};
          },
          type};
#endif
}

/// The text of a string, or on 0.17 of an atom.
inline std::optional<std::string> text_in(const caf::config_value& x) {
  if (const auto* text = caf::get_if<std::string>(&x))
    return *text;
#if !TASKVISOR_CAF_1
  if (const auto* atom = caf::get_if<caf::atom_value>(&x))
    return to_string(*atom);
#endif
  return std::nullopt;
}

/// What an actor does with exit messages other than a kill. 1.x would rather
/// have it in the behavior, where 0.17 ignores it.
template <class Self, class F>
void handle_exit(Self* self, F f) {
#if TASKVISOR_CAF_1
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif
  self->set_exit_handler(std::move(f));
#if TASKVISOR_CAF_1
#  pragma GCC diagnostic pop
#endif
}

// -- the scheduler of a system that taskvisor owns ---------------------------

/// Work stealing is quadratic on 0.17.6 (waking 200,000 actors takes 52 s
/// instead of 0.3 s), and on 1.1.0 a third slower where threads outside of the
/// scheduler send most of what it runs: such a system shares one queue instead.
inline void prefer_good_scheduler(caf::actor_system_config& c) {
#if TASKVISOR_CAF_1
  c.set("caf.scheduler.policy", "sharing");
#else
  c.set("scheduler.policy", caf::atom("sharing"));
#endif
}

/// True if the host's system runs the scheduler that 0.17.6 must not use.
inline bool has_bad_scheduler([[maybe_unused]] const caf::actor_system& sys) {
#if TASKVISOR_CAF_1
  return false;
#else
  auto policy =
    caf::get_or(sys.config(), "scheduler.policy", caf::atom("stealing"));
  return policy == caf::atom("stealing");
#endif
}

/// Chooses CAF's scheduler for tests: nothing runs until the test says so.
inline void prefer_manual_scheduler(caf::actor_system_config& c) {
#if TASKVISOR_CAF_1
  c.set("caf.scheduler.policy", "testing");
#else
  c.set("scheduler.policy", caf::atom("testing"));
#endif
}

} // namespace taskvisor::detail

namespace taskvisor {

template <class Inspector, detail::wire_type T>
auto inspect(Inspector& f, T& x) {
  return detail::inspect_fields(f, x);
}

#if TASKVISOR_CAF_1
template <class Inspector, detail::wire_enum E>
bool inspect(Inspector& f, E& x) {
  using integer = std::underlying_type_t<E>;
  auto get = [&x] { return static_cast<integer>(x); };
  auto set = [&x](integer value) {
    if (static_cast<std::size_t>(value) >= wire_count(E{}))
      return false;
    x = static_cast<E>(value);
    return true;
  };
  return f.apply(get, set);
}
#endif

} // namespace taskvisor

#if TASKVISOR_CAF_1
#  define TASKVISOR_ERROR_ENUM(type, category) CAF_ERROR_CODE_ENUM(type)
#else
#  define TASKVISOR_ERROR_ENUM(type, category)                                 \
    CAF_ERROR_CODE_ENUM(type, category)
// 0.17 does not know std::optional. Its inspectors live in namespace caf, so
// argument-dependent look-up finds this overload from there.
namespace caf {

template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, std::optional<T>& x) {
  if constexpr (Inspector::writes_state) {
    bool has = false;
    T value{};
    auto load = meta::load_callback([&]() -> error {
      x.reset();
      if (!has)
        return none;
      if (auto err = f(value))
        return err;
      x.emplace(std::move(value));
      return none;
    });
    return f(has, load);
  } else {
    bool has = x.has_value();
    return has ? f(has, *x) : f(has);
  }
}

namespace detail { // where the inspector of to_string looks
using caf::inspect;
} // namespace detail

} // namespace caf
#endif
