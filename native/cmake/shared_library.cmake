# The shared library: exports what exports.txt lists and nothing else, and needs libc only.

file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/exports.txt" aim_exports REGEX "^aim_")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/exports.txt")

add_library(aim_core_shared SHARED ${aim_objects})
# The C driver links it, so that the C++ runtime library cannot slip in: what needs it does not link.
set_target_properties(aim_core_shared PROPERTIES
    OUTPUT_NAME ai_mixer_core
    LINKER_LANGUAGE C)

if(WIN32)
    # .NET asks for it by this name.
    set_target_properties(aim_core_shared PROPERTIES PREFIX "")
endif()

if(APPLE)
    list(TRANSFORM aim_exports PREPEND "_" OUTPUT_VARIABLE aim_symbols)
    list(JOIN aim_symbols "\n" aim_symbols)
    set(aim_symbol_file "${CMAKE_CURRENT_BINARY_DIR}/exports.list")
    file(CONFIGURE OUTPUT "${aim_symbol_file}" CONTENT "${aim_symbols}\n" @ONLY)
    set_target_properties(aim_core_shared PROPERTIES LINK_DEPENDS "${aim_symbol_file}")
    if(AIM_LINK_DYLIB)
        set_target_properties(aim_core_shared PROPERTIES MACOSX_RPATH OFF BUILD_WITH_INSTALL_NAME_DIR ON)
        set(CMAKE_C_CREATE_SHARED_LIBRARY
            "${AIM_LINK_DYLIB} -install_name @rpath/<TARGET_SONAME> -exported_symbols_list \"${aim_symbol_file}\" -oso_prefix \"${CMAKE_BINARY_DIR}/\" -o <TARGET> <OBJECTS>")
    else()
        set_target_properties(aim_core_shared PROPERTIES INSTALL_NAME_DIR "@rpath")
        target_link_options(aim_core_shared PRIVATE "LINKER:-exported_symbols_list,${aim_symbol_file}")
    endif()
elseif(NOT WIN32)
    list(JOIN aim_exports ";\n    " aim_symbols)
    set(aim_symbol_file "${CMAKE_CURRENT_BINARY_DIR}/exports.map")
    file(CONFIGURE OUTPUT "${aim_symbol_file}" CONTENT "{\nglobal:\n    ${aim_symbols};\nlocal:\n    *;\n};\n" @ONLY)
    target_link_options(aim_core_shared PRIVATE
        "LINKER:--version-script,${aim_symbol_file}" "LINKER:-z,defs" "LINKER:--gc-sections"
        "$<$<AND:$<CONFIG:Release>,$<NOT:$<BOOL:${AIM_ZIG_VERSION}>>>:-s>")
    set_target_properties(aim_core_shared PROPERTIES LINK_DEPENDS "${aim_symbol_file}")
endif()

target_include_directories(aim_core_shared INTERFACE include)
target_link_libraries(aim_core_shared INTERFACE aim_arithmetic)

install(TARGETS aim_core_shared RUNTIME DESTINATION . LIBRARY DESTINATION . ARCHIVE DESTINATION .)
if(AIM_ZIG_VERSION)
    include(cmake/symbols.cmake)
    include(cmake/build_record.cmake)
endif()
