#include "exception_text.hpp"

#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

namespace taskvisor::detail {

std::string exception_text(const std::exception& x) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> readable{
    abi::__cxa_demangle(typeid(x).name(), nullptr, nullptr, &status),
    std::free};
  std::string result = status == 0 ? readable.get() : typeid(x).name();
  result += ": ";
  result += x.what();
  return result;
}

} // namespace taskvisor::detail
