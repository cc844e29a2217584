# How the library was built, for the manifest of the package: build.json beside it. Folders of this machine are left out.
set(aim_options "$<TARGET_PROPERTY:aim_core_objects,COMPILE_OPTIONS>")
set(aim_options "$<FILTER:${aim_options},EXCLUDE,-include>")
set(aim_flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_RELEASE}")
string(REGEX REPLACE " ?-ffile-prefix-map=[^ ]*" "" aim_flags "${aim_flags}")
set(aim_also "")
if(AIM_DISPATCH)
    set(aim_also ", and all of it again with -march=${AIM_X64_LEVELS}v3")
endif()
file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/build.json" CONTENT
"{
  \"compiler\": \"${aim_compiler}\",
  \"target\": \"${aim_triple}\",
  \"flags\": \"${aim_flags} -std=c++20 $<JOIN:${aim_options}, >${aim_also}\"
}
")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/build.json" DESTINATION .)
