# Puts the shipped data files (catalogue, limits, protocols, virtual devices, profiles, report texts)
# into the program: an assembler file with .incbin, and a sorted table of {path, bytes} that
# standards/vocab/shipped.cpp reads. The path is the id, relative to the source tree.
file(GLOB_RECURSE embedded_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
     ${CMAKE_SOURCE_DIR}/standards/catalogue/*.yaml ${CMAKE_SOURCE_DIR}/standards/limits/*.yaml
     ${CMAKE_SOURCE_DIR}/probes/protocols/*.yaml ${CMAKE_SOURCE_DIR}/probes/sim/devices/*.yaml
     ${CMAKE_SOURCE_DIR}/profiles/miit-2024/*.yaml ${CMAKE_SOURCE_DIR}/profiles/examples/*.yaml
     ${CMAKE_SOURCE_DIR}/profiles/examples/*.csv
     ${CMAKE_SOURCE_DIR}/reports/html/*.yaml ${CMAKE_SOURCE_DIR}/reports/html/*.css)
list(SORT embedded_files)
set(embed_asm "  .section .rodata\n")
set(embed_declare "")
set(embed_rows "")
set(embed_index 0)
foreach(path IN LISTS embedded_files)
  string(APPEND embed_asm
         "  .global shipped_${embed_index}_begin\n  .global shipped_${embed_index}_end\n"
         "shipped_${embed_index}_begin:\n  .incbin \"${CMAKE_SOURCE_DIR}/${path}\"\n"
         "shipped_${embed_index}_end:\n  .byte 0\n")
  string(APPEND embed_declare
         "extern const char shipped_${embed_index}_begin[], shipped_${embed_index}_end[];\n")
  string(APPEND embed_rows
         "    {\"${path}\", shipped_${embed_index}_begin, shipped_${embed_index}_end},\n")
  math(EXPR embed_index "${embed_index} + 1")
endforeach()
string(APPEND embed_asm "  .section .note.GNU-stack,\"\",@progbits\n")
set(embed_dir ${CMAKE_BINARY_DIR}/generated)
file(CONFIGURE OUTPUT ${embed_dir}/shipped_data.S CONTENT "@embed_asm@" @ONLY)
file(CONFIGURE OUTPUT ${embed_dir}/shipped_data.inc CONTENT
"extern \"C\" {\n@embed_declare@}\nstatic const ShippedRow rows[] = {\n@embed_rows@    {nullptr, nullptr, nullptr}};\n" @ONLY)
list(TRANSFORM embedded_files PREPEND ${CMAKE_SOURCE_DIR}/)
set_source_files_properties(${embed_dir}/shipped_data.S PROPERTIES OBJECT_DEPENDS
                            "${embedded_files}")
set(shipped_data ${embed_dir}/shipped_data.S)
include_directories(${embed_dir})
