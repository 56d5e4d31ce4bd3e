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
endif()
if(TALLYLOCK_FUZZ)
  target_compile_options(tallylock_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

function(tallylock_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LIBS" ${ARGN})
  add_library(tallylock_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(tallylock_${name} PUBLIC tallylock_flags ${ROOM_LIBS})
  foreach(used IN LISTS ROOM_USES)
    target_link_libraries(tallylock_${name} PUBLIC tallylock_${used})
  endforeach()
endfunction()
