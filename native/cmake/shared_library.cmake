# The shared library: exports what exports.txt lists and nothing else, and needs libc only.

file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/exports.txt" aim_exports REGEX "^aim_")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/exports.txt")

add_library(aim_core_shared SHARED ${aim_objects})
# The C driver links it, so that the C++ runtime library cannot slip in: what needs it does not link.
set_target_properties(aim_core_shared PROPERTIES
    OUTPUT_NAME ai_mixer_core
    LINKER_LANGUAGE C)

if(APPLE)
    list(TRANSFORM aim_exports PREPEND "_" OUTPUT_VARIABLE aim_symbols)
    list(JOIN aim_symbols "\n" aim_symbols)
    set(aim_symbol_file "${CMAKE_CURRENT_BINARY_DIR}/exports.list")
    file(CONFIGURE OUTPUT "${aim_symbol_file}" CONTENT "${aim_symbols}\n" @ONLY)
    target_link_options(aim_core_shared PRIVATE "LINKER:-exported_symbols_list,${aim_symbol_file}")
    set_target_properties(aim_core_shared PROPERTIES INSTALL_NAME_DIR "@rpath" LINK_DEPENDS "${aim_symbol_file}")
elseif(NOT WIN32)
    list(JOIN aim_exports ";\n    " aim_symbols)
    set(aim_symbol_file "${CMAKE_CURRENT_BINARY_DIR}/exports.map")
    file(CONFIGURE OUTPUT "${aim_symbol_file}" CONTENT "{\nglobal:\n    ${aim_symbols};\nlocal:\n    *;\n};\n" @ONLY)
    target_link_options(aim_core_shared PRIVATE
        "LINKER:--version-script=${aim_symbol_file}" "LINKER:-z,defs" "LINKER:--gc-sections"
        "$<$<CONFIG:Release>:LINKER:--strip-all>")
    set_target_properties(aim_core_shared PROPERTIES LINK_DEPENDS "${aim_symbol_file}")
endif()

install(TARGETS aim_core_shared RUNTIME DESTINATION . LIBRARY DESTINATION . ARCHIVE DESTINATION .)
