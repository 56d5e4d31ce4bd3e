# Where the programs and what a desktop wants to know about them go: `cmake --install build/release --prefix DIR`.
include(GNUInstallDirs)

foreach(program IN ITEMS tallylock tallylock-cli)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

if(TARGET tallylock-media)
  install(TARGETS tallylock-media RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/tallylock)
endif()

if(TARGET tallylock)
  install(FILES packaging/linux/tallylock.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES resources/icons/tallylock.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
if(TARGET tallylock-cli)
  install(FILES packaging/linux/tallylock-cli.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tallylock)
