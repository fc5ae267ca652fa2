# Writes OUTPUT, a C++ source with the content of every file below FOLDER, so that `martlet demo` works without the
# source tree. Run as a script: cmake -DFOLDER=… -DOUTPUT=… -P embed_examples.cmake
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
file(WRITE ${OUTPUT} "// Generated from the examples folder.
#include \"cli/example_files.h\"

namespace martlet {

const std::vector<ExampleFile>& example_files() {
  static const std::vector<ExampleFile> kFiles{
")
foreach(file ${files})
  file(READ ${FOLDER}/${file} content)
  file(APPEND ${OUTPUT} "      {\"${file}\", R\"martlet_file(${content})martlet_file\"},\n")
endforeach()
file(APPEND ${OUTPUT} "  };
  return kFiles;
}

}  // namespace martlet
")
