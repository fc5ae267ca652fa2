# Writes OUTPUT, a C++ source with the content of every .tsv file in FOLDER.
# Run as a script: cmake -DFOLDER=… -DOUTPUT=… -P embed_builtin.cmake
file(GLOB files ${FOLDER}/*.tsv)
list(SORT files)
file(WRITE ${OUTPUT} "// Generated from src/schema/builtin.
#include \"schema/builtin.h\"

namespace martlet {

std::string_view builtin_file(std::string_view name) {
")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} content)
  file(APPEND ${OUTPUT} "  if (name == \"${name}\") return R\"martlet_file(${content})martlet_file\";\n")
endforeach()
file(APPEND ${OUTPUT} "  return {};
}

}  // namespace martlet
")
