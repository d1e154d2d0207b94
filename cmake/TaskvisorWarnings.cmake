# taskvisor_warnings: linked PRIVATE only, so that no consumer inherits it, and
# empty unless taskvisor is the project being built. Warnings become errors by
# the presets alone (CMAKE_COMPILE_WARNING_AS_ERROR).
add_library(taskvisor_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(taskvisor_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:
      -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor>)
endif()
