#pragma once

#include <exception>
#include <typeinfo>

namespace taskvisor::detail {

/// The exception as a T, or nothing if `catch (const T&)` would not take it.
/// What `std::exception_ptr_cast` of C++26 is: to throw it once more costs
/// more than all the rest of an attempt. As long as `error` lives.
template <class T>
const T* exception_cast(const std::exception_ptr& error) noexcept {
  if (!error)
    return nullptr;
#if defined(__GLIBCXX__)
  // As libstdc++ 15 does it: the pointer is one to the thrown object.
  static_assert(sizeof(error) == sizeof(void*));
  const auto* thrown = error.__cxa_exception_type();
  auto* object = *reinterpret_cast<void* const*>(&error);
  return typeid(T).__do_catch(thrown, &object, 1)
           ? static_cast<const T*>(object)
           : nullptr;
#else
  try {
    std::rethrow_exception(error);
  } catch (const T& x) {
    return &x;
  } catch (...) {
    return nullptr;
  }
#endif
}

} // namespace taskvisor::detail
