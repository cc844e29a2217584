# Compiles the core a second time, for x86-64-v3, and puts the gates of dispatch/gates.cpp in front of both.
#
# The functions of the two builds get other names, and everything else of the second one another namespace, by macros
# that come before each source: nothing of the one may be taken for the other, whatever the compiler inlines or not.
set(aim_generated "${CMAKE_CURRENT_BINARY_DIR}/generated")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    "${CMAKE_CURRENT_SOURCE_DIR}/exports.txt" "${CMAKE_CURRENT_SOURCE_DIR}/include/ai_mixer_core.h")
file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/exports.txt" aim_exports REGEX "^aim_")
file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/include/ai_mixer_core.h" aim_handles REGEX "^typedef struct aim_[a-z_]+ aim_[a-z_]+;")
list(TRANSFORM aim_handles REPLACE "^typedef struct (aim_[a-z_]+) .*" "\\1")

set(gates "")
set(names_v2 "")
set(names_v3 "#define aim aim_v3\n")
foreach(name IN LISTS aim_handles)
    string(APPEND names_v3 "#define ${name} ${name}_v3\n")
endforeach()
foreach(name IN LISTS aim_exports)
    string(APPEND gates "AIM_GATE(${name})\n")
    string(APPEND names_v2 "#define ${name} ${name}_v2\n")
    string(APPEND names_v3 "#define ${name} ${name}_v3\n")
endforeach()
file(CONFIGURE OUTPUT "${aim_generated}/exports.inc" CONTENT "${gates}" @ONLY)
file(CONFIGURE OUTPUT "${aim_generated}/names_v2.h" CONTENT "${names_v2}" @ONLY)
file(CONFIGURE OUTPUT "${aim_generated}/names_v3.h" CONTENT "${names_v3}" @ONLY)

aim_add_core_objects(aim_core_objects LEVEL v2 NAMES names_v2.h)
aim_add_core_objects(aim_core_objects_v3 LEVEL v3 NAMES names_v3.h)
add_library(aim_gates OBJECT dispatch/gates.cpp)
target_include_directories(aim_gates PRIVATE "${aim_generated}")
target_link_libraries(aim_gates PRIVATE aim_arithmetic aim_warnings)
target_compile_options(aim_gates PRIVATE -fno-exceptions -fno-rtti)
set_target_properties(aim_gates PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden)
set(aim_objects $<TARGET_OBJECTS:aim_core_objects> $<TARGET_OBJECTS:aim_core_objects_v3> $<TARGET_OBJECTS:aim_gates>)
