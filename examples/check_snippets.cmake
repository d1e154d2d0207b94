# Checks that every code block of the files ${documents} that is marked with
#
#   <!-- example: <name> -->
#
# on the line before it stands word for word in the file ${folder}/<name>.

cmake_minimum_required(VERSION 3.25) # for its policies

set(checked 0)
foreach(document IN LISTS documents)
  file(READ "${document}" text)
  # No CMake lists here: code may hold semicolons and brackets.
  while(TRUE)
    string(FIND "${text}" "<!-- example: " start)
    if(start EQUAL -1)
      break()
    endif()
    string(SUBSTRING "${text}" ${start} -1 text)
    if(NOT text MATCHES "^<!-- example: ([a-z_.]+) -->\n```[a-z]+\n")
      message(FATAL_ERROR "${document}: a marker without a code block")
    endif()
    set(name "${CMAKE_MATCH_1}")
    string(LENGTH "${CMAKE_MATCH_0}" begin)
    string(SUBSTRING "${text}" ${begin} -1 text)
    string(FIND "${text}" "```" end)
    if(end LESS 1)
      message(FATAL_ERROR "${document}: the block of ${name} has no end")
    endif()
    string(SUBSTRING "${text}" 0 ${end} block)
    file(READ "${folder}/${name}" source)
    string(FIND "${source}" "${block}" place)
    if(place EQUAL -1)
      message(FATAL_ERROR "${document}: not in ${name}:\n${block}")
    endif()
    math(EXPR checked "${checked} + 1")
  endwhile()
endforeach()
if(checked EQUAL 0)
  message(FATAL_ERROR "no marked code block in ${documents}")
endif()
message("${checked} code blocks are as compiled")
