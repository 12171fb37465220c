# Things that are listed (link drivers, decode families, checks, renderers, commands) are const
# structs, one a file; the path below FOLDER is the symbol: profiles/checks/identifier/present.cpp
# defines `extern const Check identifier_present` in namespace carebench::checks. This writes the
# sorted table that the accessor returns; a missing or misnamed symbol is a link error.
# ENTRIES_FILE: lists the entries where not every file of the folder is one.
function(listed_table target)
  cmake_parse_arguments(T "" "TYPE;HEADER;NAMESPACE;ACCESSOR;FOLDER;ENTRIES_FILE" "" ${ARGN})
  if(T_ENTRIES_FILE)
    file(STRINGS ${CMAKE_SOURCE_DIR}/${T_ENTRIES_FILE} entries REGEX "^[a-z]")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                 ${CMAKE_SOURCE_DIR}/${T_ENTRIES_FILE})
  else()
    file(GLOB_RECURSE entries CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${T_FOLDER}
         ${CMAKE_SOURCE_DIR}/${T_FOLDER}/*.cpp)
    list(TRANSFORM entries REPLACE "\\.cpp$" "")
  endif()
  list(SORT entries)
  set(declare "")
  set(rows "")
  foreach(entry IN LISTS entries)
    string(REGEX REPLACE "[/.-]" "_" symbol ${entry})
    string(APPEND declare "extern const ${T_TYPE} ${symbol};\n")
    string(APPEND rows "      &${T_NAMESPACE}::${symbol},\n")
  endforeach()
  set(file ${CMAKE_BINARY_DIR}/generated/table_${T_ACCESSOR}.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT
"#include \"${T_HEADER}\"\n\nnamespace carebench {\nnamespace ${T_NAMESPACE} {\n${declare}}\n\nstd::span<const ${T_TYPE}* const> ${T_ACCESSOR}() {\n  static const ${T_TYPE}* const table[] = {\n${rows}  };\n  return table;\n}\n\n}  // namespace carebench\n" @ONLY)
  if(target STREQUAL "none")
    set(listed_none_${T_TYPE} ${file} PARENT_SCOPE)
  else()
    target_sources(${target} PRIVATE ${file})
  endif()
endfunction()
