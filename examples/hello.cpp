#include "taskvisor/events/version.hpp"

#include <fmt/core.h>

int main() {
  fmt::print("Hello from taskvisor {}!\n", taskvisor::version());
}
