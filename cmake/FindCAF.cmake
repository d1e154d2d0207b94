# Finds the C++ Actor Framework in either of its two kinds of installation:
#
#   1.x     brings a package config (vcpkg, Conan, own install); it is preferred
#   0.17    Debian's libcaf-dev, headers and libraries without package config
#
# Defines the targets CAF::core and, where installed, CAF::io and CAF::openssl;
# sets CAF_FOUND and CAF_VERSION. Set CAF_ROOT to search only that prefix.
# A CAF::core that exists already (FetchContent) is taken as it is.

if(TARGET CAF::core)
  set(CAF_FOUND TRUE)
  return()
endif()

set(_caf_only_root "")
if(CAF_ROOT)
  set(_caf_only_root PATHS "${CAF_ROOT}" NO_DEFAULT_PATH)
endif()

# The package config of CAF 1.x uses OpenSSL's targets without looking for them.
find_package(OpenSSL QUIET)
find_package(CAF 1.0 CONFIG QUIET ${_caf_only_root})

if(CAF_FOUND)
  return()
endif()

find_package(Threads REQUIRED)
find_path(CAF_INCLUDE_DIR caf/config.hpp ${_caf_only_root}
  PATH_SUFFIXES include)
mark_as_advanced(CAF_INCLUDE_DIR)
set(CAF_VERSION "")
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_line
    REGEX "^#define CAF_VERSION [0-9]+$")
  if(_caf_line MATCHES "([0-9]+)$") # 1706 is 0.17.6
    math(EXPR _caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR _caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR _caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
  endif()
endif()

foreach(_caf_part IN ITEMS core io openssl)
  find_library(CAF_${_caf_part}_LIBRARY caf_${_caf_part} ${_caf_only_root}
    PATH_SUFFIXES lib)
  mark_as_advanced(CAF_${_caf_part}_LIBRARY)
  if(CAF_INCLUDE_DIR AND CAF_${_caf_part}_LIBRARY)
    set(CAF_${_caf_part}_FOUND TRUE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_core_LIBRARY CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS)
if(NOT CAF_FOUND)
  return()
endif()

# Includes of an imported target are system includes: CAF's own warnings stay
# out of the consumer's build.
set(_caf_core_needs Threads::Threads)
set(_caf_io_needs CAF::core)
set(_caf_openssl_needs CAF::io)
foreach(_caf_part IN ITEMS core io openssl)
  if(CAF_${_caf_part}_FOUND)
    add_library(CAF::${_caf_part} UNKNOWN IMPORTED)
    set_target_properties(CAF::${_caf_part} PROPERTIES
      IMPORTED_LOCATION "${CAF_${_caf_part}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
      INTERFACE_LINK_LIBRARIES "${_caf_${_caf_part}_needs}")
  endif()
endforeach()
