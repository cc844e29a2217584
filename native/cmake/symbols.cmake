# What is packed carries no debug information; that goes to artifacts/packaging/symbols/<rid>, where a debugger is pointed.
set(aim_library "${CMAKE_INSTALL_PREFIX}/$<TARGET_FILE_NAME:aim_core_shared>")
set(aim_symbols "${PROJECT_SOURCE_DIR}/artifacts/packaging/symbols/${AIM_RID}")
if(APPLE)
    set(aim_split
        "\"${AIM_DSYMUTIL}\" \"--oso-prepend-path=${CMAKE_BINARY_DIR}\" \"${aim_library}\" -o \"${aim_symbols}/$<TARGET_FILE_NAME:aim_core_shared>.dSYM\"")
elseif(WIN32)
    set(aim_split
        "\"${CMAKE_COMMAND}\" -E copy \"$<TARGET_FILE_DIR:aim_core_shared>/ai_mixer_core.pdb\" \"${aim_symbols}\"")
else()
    set(aim_debug_file "${aim_symbols}/$<TARGET_FILE_NAME:aim_core_shared>.debug")
    set(aim_split
        "\"${CMAKE_OBJCOPY}\" --only-keep-debug \"${aim_library}\" \"${aim_debug_file}\""
        "\"${CMAKE_OBJCOPY}\" --strip-all \"--add-gnu-debuglink=${aim_debug_file}\" \"${aim_library}\"")
endif()
install(CODE "file(MAKE_DIRECTORY \"${aim_symbols}\")")
foreach(command IN LISTS aim_split)
    install(CODE "execute_process(COMMAND ${command} COMMAND_ERROR_IS_FATAL ANY)")
endforeach()
