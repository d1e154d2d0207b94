// The program of both consumers; its argument is the version to expect.
#include "taskvisor/events/version.hpp"

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  auto found = std::string{taskvisor::version()};
  if (argc != 2 || found != argv[1]) {
    std::fprintf(stderr, "linked taskvisor %s\n", found.c_str());
    return 1;
  }
}
