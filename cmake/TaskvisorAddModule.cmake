include(GNUInstallDirs)

# taskvisor_add_module(<name> LINKS <target>...)
#
# Defines the library target taskvisor_<name> with the alias taskvisor::<name>
# from the calling folder: include/**.hpp is public, src/ is private. A module
# without src/*.cpp becomes a header-only target. LINKS are public.
function(taskvisor_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  set(target taskvisor_${name})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS include/*.hpp)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS src/*.cpp)
  if(sources)
    set(scope PUBLIC)
    add_library(${target} ${sources})
    target_include_directories(${target} PRIVATE src)
    target_link_libraries(${target}
      PRIVATE $<BUILD_INTERFACE:taskvisor_warnings>)
    if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # It takes a source file that is included for a header.
      target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
    set_target_properties(${target} PROPERTIES
      VERSION ${PROJECT_VERSION}
      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(taskvisor::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_link_libraries(${target} ${scope} ${arg_LINKS})
  target_sources(${target} ${scope}
    FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  if(TASKVISOR_INSTALL)
    install(TARGETS ${target}
      EXPORT taskvisorTargets
      FILE_SET HEADERS)
  endif()
endfunction()
