# cmake -D program=<file> -P check_program.cmake
#
# Runs every workload that the program names in its usage, with few items and
# then with each of the parameters below that it knows. The programs check
# their results themselves. What the floor does not have ends with status 3.
set(variants
  subscribers=2 api=run threads=2 workers=1 body=actor body=permit
  backoff_ms=1 hostile=no slots=3 policy=replace policy=drop kind=timeout
  fails_by=yield stops_by=drop)

function(run)
  execute_process(COMMAND "${program}" ${ARGN} TIMEOUT 60
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(status "${status}" PARENT_SCOPE)
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()

function(check)
  run(${ARGN})
  if(status EQUAL 3 AND NOT err STREQUAL "" AND out STREQUAL "")
    return()
  endif()
  string(JSON ops ERROR_VARIABLE no_json GET "${out}" ops)
  if(NOT status EQUAL 0 OR no_json OR NOT ops GREATER 0)
    message(SEND_ERROR "${ARGN}: status ${status}\n${out}${err}")
  endif()
endfunction()

foreach(wrong IN ITEMS "none;1" "idle" "idle;0" "idle;1x" "idle;1;no=1"
        "idle;1;body" "idle;1;body=none" "idle;1;body=actor;body=actor")
  run(${wrong})
  if(NOT status EQUAL 2 OR NOT err MATCHES "^error: [^\n]+\nusage: ")
    message(SEND_ERROR "${wrong}: status ${status} instead of 2\n${err}")
  endif()
endforeach()

run()
string(REGEX REPLACE "^.*workloads:\n" "" lines "${err}")
string(REGEX MATCHALL "[^\n]+" lines "${lines}")
if(NOT lines)
  message(SEND_ERROR "no workload in the usage:\n${err}")
endif()
foreach(line IN LISTS lines)
  string(REGEX MATCH "[a-z_]+" workload "${line}")
  check(${workload} 3)
  foreach(variant IN LISTS variants)
    string(REGEX REPLACE "=.*" "" key "${variant}")
    if(line MATCHES "\\[${key}=\\]")
      check(${workload} 20 ${variant})
    endif()
  endforeach()
endforeach()
check(lifecycle_batch 20 workers=1)
