#pragma once

#include <filesystem>
#include <string>
#include <unistd.h>

namespace taskvisor::test {

/// A path of this process at which nothing is yet; what is there at the end is
/// removed.
struct temporary_path {
  std::filesystem::path path;

  explicit temporary_path(const std::string& name)
    : path(std::filesystem::temp_directory_path()
           / ("taskvisor-" + std::to_string(::getpid()) + "-" + name)) {
    std::filesystem::remove_all(path);
  }

  temporary_path(const temporary_path&) = delete;
  temporary_path& operator=(const temporary_path&) = delete;

  ~temporary_path() { std::filesystem::remove_all(path); }
};

} // namespace taskvisor::test
