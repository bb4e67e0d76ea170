# `cmake --install`: the libraries, headers, the tool, and how programs find them.

include(CMakePackageConfigHelpers)
set(SNUG_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/snug)

install(DIRECTORY include/snug DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.h)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET snug_tool)
    # Finds the library beside it, wherever the two are put.
    file(RELATIVE_PATH to_library
         ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(snug_tool PROPERTIES INSTALL_RPATH "$ORIGIN/${to_library}")
    install(TARGETS snug_tool)
endif()

# ---- find_package(snug) --------------------------------------------------------------------------

# Two export sets: a program that links the shared library needs none of the library's dependencies.
foreach(kind shared static)
    string(REPLACE shared snug target ${kind})
    string(REPLACE static snug_static target ${target})
    install(TARGETS ${target} EXPORT snug-${kind})
    install(EXPORT snug-${kind} NAMESPACE snug:: DESTINATION ${SNUG_CMAKE_DIR}
            FILE snug-${kind}-targets.cmake)
endforeach()
configure_package_config_file(cmake/snug-config.cmake.in snug-config.cmake
                              INSTALL_DESTINATION ${SNUG_CMAKE_DIR})
write_basic_package_version_file(snug-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/snug-config.cmake
              ${PROJECT_BINARY_DIR}/snug-config-version.cmake
              cmake/snug-dependencies.cmake
        DESTINATION ${SNUG_CMAKE_DIR})

# ---- pkg-config ----------------------------------------------------------------------------------

# The prefix is found from the file's own place, so that an installed tree can be moved; absolute
# directories stay as they are.
set(SNUG_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    set(SNUG_PC_PREFIX "\${pcfiledir}/${up}")
    string(REGEX REPLACE "/$" "" SNUG_PC_PREFIX "${SNUG_PC_PREFIX}")
endif()
foreach(dir LIBDIR INCLUDEDIR)
    set(SNUG_PC_${dir} "${CMAKE_INSTALL_${dir}}")
    if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
        string(PREPEND SNUG_PC_${dir} "\${prefix}/")
    endif()
endforeach()
set(SNUG_PC_ONNX "")
if(SNUG_HAVE_ONNX)
    set(SNUG_PC_ONNX " libprotobuf-c")
endif()
configure_file(cmake/snug.pc.in snug.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/snug.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
