# Read by ctest: adds one test per Boost.Test case of test_program. The list is
# asked from the program itself, and again only after it was rebuilt.
#
# The program prints its test tree one name a line, four spaces deeper per
# level, "*" behind what is enabled, ": text" behind what has a description.
# The cases of a data test (_0, _1, ...) run together as one test.

cmake_policy(VERSION 3.25)

if(NOT EXISTS "${test_program}")
  add_test("${test_prefix}.not_built" "${test_program}")
  set_tests_properties("${test_prefix}.not_built"
    PROPERTIES LABELS "${test_label}")
  return()
endif()

set(listing "${test_program}.list")
if(NOT EXISTS "${listing}" OR "${test_program}" IS_NEWER_THAN "${listing}")
  execute_process(
    COMMAND "${test_program}" --list_content
    OUTPUT_QUIET ERROR_VARIABLE content RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${test_program} --list_content: ${result}\n${content}")
  endif()
  string(REGEX REPLACE ": [^\n]*" "" content "${content}")
  file(WRITE "${listing}" "${content}")
endif()

# path_<depth> is the path of the suite whose members stand at that depth.
file(STRINGS "${listing}" lines)
set(paths "")
set(path_0 "")
set(last_depth 0)
foreach(line IN LISTS lines)
  if(line MATCHES "^ *_[0-9]+\\*$" OR NOT line MATCHES "^( *)([^*]+)\\*$")
    continue() # a row of a data test, or disabled
  endif()
  set(name "${CMAKE_MATCH_2}")
  string(LENGTH "${CMAKE_MATCH_1}" depth)
  if(depth GREATER last_depth)
    list(POP_BACK paths) # what precedes its first member is a suite
  endif()
  list(APPEND paths "${path_${depth}}${name}")
  math(EXPR below "${depth} + 4")
  set(path_${below} "${path_${depth}}${name}/")
  set(last_depth ${depth})
endforeach()

foreach(path IN LISTS paths)
  set(name "${test_prefix}.${path}")
  add_test("${name}"
    "${test_program}" "--run_test=${path}"
    --catch_system_errors=no --color_output=no)
  set_tests_properties("${name}" PROPERTIES
    LABELS "${test_label}" TIMEOUT "${test_timeout}")
endforeach()
