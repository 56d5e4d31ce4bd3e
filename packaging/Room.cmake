# How the house is built: every room of core/ and ui/ is one target, made by tallylock_room.
#
#   tallylock_room(ledger SOURCES Ledger.cpp Ledger.h USES money)
#
# makes the static library tallylock_ledger. USES names the rooms that it may include (the arrows of
# docs/architecture.md; tests/tidy/tst_arrows holds the two together). LIBS names outside libraries.

add_library(tallylock_flags INTERFACE)
target_compile_options(tallylock_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-align -Woverloaded-virtual -Wnull-dereference -Werror
  # Two warnings of g++ 12 that are wrong on std::variant and std::optional when optimising.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-null-dereference -Wno-restrict>
  -fstack-protector-strong)
target_include_directories(tallylock_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(tallylock_flags INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII)
if(TALLYLOCK_SANITIZE)
  target_compile_options(tallylock_flags INTERFACE -fsanitize=${TALLYLOCK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tallylock_flags INTERFACE -fsanitize=${TALLYLOCK_SANITIZE})
  if(TALLYLOCK_SANITIZE STREQUAL "thread")
    # It does not know the fences of Boost.Asio, beside which there is always a lock.
    target_compile_definitions(tallylock_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
if(TALLYLOCK_FUZZ)
  target_compile_options(tallylock_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# In the release build the rooms that every order passes through are optimised as one program: their functions are
# small, and a tenth of an order's instructions were the ways from one to the next. Only where the linker can.
set(TALLYLOCK_ORDER_ROOMS base money crypto ledger parties treasury market escrow engine)
set(TALLYLOCK_ONE_PROGRAM OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  include(CheckIPOSupported)
  check_ipo_supported(RESULT TALLYLOCK_ONE_PROGRAM OUTPUT whyNot LANGUAGES CXX)
endif()
if(TALLYLOCK_ONE_PROGRAM)
  target_link_options(tallylock_flags INTERFACE -flto=auto)
endif()

function(tallylock_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBS" ${ARGN})
  add_library(tallylock_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(tallylock_${name} PUBLIC tallylock_flags ${ROOM_LIBS})
  if(TALLYLOCK_ONE_PROGRAM AND name IN_LIST TALLYLOCK_ORDER_ROOMS)
    set_target_properties(tallylock_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(tallylock_${name} PUBLIC tallylock_${used})
  endforeach()
endfunction()
