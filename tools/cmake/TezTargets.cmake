# tez_add_library(NAME sources... [DEPENDS targets] [NO_MLIR])
#   One group of lib/. Object code; all groups are linked into libTezCompiler.so.
#   Groups with MLIR share one precompiled header.
function(tez_add_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "DEPENDS" ${ARGN})
  set(sources)
  foreach(source ${ARG_UNPARSED_ARGUMENTS})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source})
      list(APPEND sources ${source})
    else()
      message(WARNING "${name}: ${source} is not there yet")
    endif()
  endforeach()
  add_library(${name} OBJECT ${sources})
  if(NOT ARG_NO_MLIR)
    add_dependencies(${name} TezTableGen)
    target_precompile_headers(${name} REUSE_FROM TezPch)
    target_link_libraries(${name} PRIVATE TezPch)
  endif()
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  set_property(GLOBAL APPEND PROPERTY TEZ_LIBRARIES ${name})
endfunction()

# tez_add_tool(NAME sources... [LINK libraries])
function(tez_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE TezCompiler ${ARG_LINK})
endfunction()

# tez_tablegen(OUTPUT TD flags...): OUTPUT is relative to build/include.
function(tez_tablegen output td)
  get_filename_component(td_path ${td} ABSOLUTE)
  set(out ${CMAKE_BINARY_DIR}/include/${output})
  get_filename_component(dir ${out} DIRECTORY)
  file(MAKE_DIRECTORY ${dir})
  add_custom_command(OUTPUT ${out}
    COMMAND ${MLIR_TOOLS_DIR}/mlir-tblgen ${ARGN} -I ${LLVM_PREFIX}/include -I ${CMAKE_SOURCE_DIR}/dialect
            -I ${CMAKE_SOURCE_DIR}/include ${td_path} -o ${out} --write-if-changed -d ${out}.d
    DEPENDS ${td_path} DEPFILE ${out}.d VERBATIM)
  set_property(DIRECTORY APPEND PROPERTY TEZ_TABLEGEN_OUTPUTS ${out})
endfunction()

# tez_tablegen_target(NAME): what the tez_tablegen calls of this folder make.
function(tez_tablegen_target name)
  get_property(outputs DIRECTORY PROPERTY TEZ_TABLEGEN_OUTPUTS)
  add_custom_target(${name} DEPENDS ${outputs})
endfunction()
