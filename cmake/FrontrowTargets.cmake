# Rules that every target shares.

add_library(frontrow_options INTERFACE)
target_compile_options(frontrow_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  $<$<CONFIG:Release>:-O2 -g1>)
target_include_directories(frontrow_options INTERFACE
  ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
# One set of definitions for every file, so that no two see different Boost types.
target_compile_definitions(frontrow_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE BOOST_BEAST_USE_STD_STRING_VIEW)

# SHA-256, CRC32C and 64-bit multiplication are on the way of every command: x86-64-v2 has the
# CRC instruction and is what every server of the last ten years runs.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(frontrow_options INTERFACE -march=x86-64-v2)
endif()

set(FRONTROW_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(FRONTROW_SANITIZE)
  target_compile_options(frontrow_options INTERFACE
    -fsanitize=${FRONTROW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(frontrow_options INTERFACE -fsanitize=${FRONTROW_SANITIZE})
  if(FRONTROW_SANITIZE MATCHES "thread")
    # Fences order atomics alone here (parker, sequence locks); what they guard is atomic itself,
    # so that a thread sanitizer which does not see fences misses nothing and invents nothing.
    target_compile_options(frontrow_options INTERFACE -Wno-tsan)
  endif()
endif()

find_program(FRONTROW_MOLD mold)
if(FRONTROW_MOLD)
  target_link_options(frontrow_options INTERFACE -fuse-ld=mold)
endif()

# frontrow_folder(NAME [LINK libraries…]): the library of src/NAME, out of all its sources.
function(frontrow_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)
  if(sources)
    add_library(frontrow_${name} STATIC ${sources})
    target_link_libraries(frontrow_${name} PUBLIC frontrow_options ${arg_LINK})
  else()
    add_library(frontrow_${name} INTERFACE)
    target_link_libraries(frontrow_${name} INTERFACE frontrow_options ${arg_LINK})
  endif()
endfunction()

# frontrow_test(FOLDER [LINK libraries…]): one Catch2 program out of tests/FOLDER/*.cpp.
function(frontrow_test folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${folder} ${sources})
  target_link_libraries(test_${folder} PRIVATE frontrow_catch_main ${arg_LINK})
  target_include_directories(test_${folder} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${folder} PRIVATE
    FRONTROW_SOURCE_DIR="${CMAKE_SOURCE_DIR}" FRONTROW_BINARY="${CMAKE_BINARY_DIR}/frontrow")
  add_test(NAME ${folder} COMMAND test_${folder} --use-colour no)
  set_tests_properties(${folder} PROPERTIES TIMEOUT 900)
endfunction()
