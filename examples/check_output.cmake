# Runs ${program} and checks its output against the file ${expected}:
#
#   each line is a regular expression that some line of the output must match,
#   in the given order; other lines in between are allowed
#   "#: arguments <list>"        runs the program with these arguments
#   "#: signal <name> <seconds>" sends it this signal after that time
#   "#: exit <code>"             expects this exit code instead of 0
#   other lines beginning with "#" are comments

# Cuts the first line off the variable named text. No CMake lists here: output
# may hold semicolons and brackets.
macro(take_line text line)
  string(FIND "${${text}}" "\n" length)
  string(SUBSTRING "${${text}}" 0 ${length} ${line})
  if(length EQUAL -1)
    set(${text} "")
  else()
    math(EXPR length "${length} + 1")
    string(SUBSTRING "${${text}}" ${length} -1 ${text})
  endif()
endmacro()

set(arguments "")
set(launcher "")
set(exit_code 0)
set(patterns 0)
file(READ "${expected}" text)
while(NOT text STREQUAL "")
  take_line(text line)
  if(line MATCHES "^#: arguments (.*)$")
    separate_arguments(arguments UNIX_COMMAND "${CMAKE_MATCH_1}")
  elseif(line MATCHES "^#: signal ([A-Z]+) ([0-9.]+)$")
    # In the foreground, else timeout sends it twice: a second SIGINT means more.
    set(launcher timeout --foreground --preserve-status
      -s ${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
  elseif(line MATCHES "^#: exit ([0-9]+)$")
    set(exit_code ${CMAKE_MATCH_1})
  elseif(line MATCHES "^#: ")
    message(FATAL_ERROR "${expected}: cannot understand \"${line}\"")
  elseif(NOT line MATCHES "^(#.*)?$")
    math(EXPR patterns "${patterns} + 1")
    set(pattern_${patterns} "${line}")
  endif()
endwhile()
if(patterns EQUAL 0)
  message(FATAL_ERROR "${expected}: no line to look for")
endif()

execute_process(
  COMMAND ${launcher} "${program}" ${arguments}
  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
message("${output}")
if(NOT result STREQUAL exit_code)
  message(FATAL_ERROR "exit code ${result}, expected ${exit_code}")
endif()

set(next 1)
while(NOT output STREQUAL "" AND NOT next GREATER patterns)
  take_line(output line)
  if(line MATCHES "${pattern_${next}}")
    math(EXPR next "${next} + 1")
  endif()
endwhile()
if(NOT next GREATER patterns)
  message(FATAL_ERROR "no line matches: ${pattern_${next}}")
endif()
