# Writes OUTPUT, a C++ source with the first case of every .test file of FOLDER: the examples of `martlet explain`. Run as
# a script: cmake -DFOLDER=… -DOUTPUT=… -P embed_hazard_examples.cmake
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.test)
list(SORT files)
file(WRITE ${OUTPUT} "// Generated from tests/hazard.
#include \"hazard/example_texts.h\"

namespace martlet {

const std::vector<ExampleText>& example_texts() {
  static const std::vector<ExampleText> kTexts{
")
foreach(file ${files})
  file(READ ${FOLDER}/${file} content)
  string(FIND "${content}" "\n== " begin)
  string(SUBSTRING "${content}" ${begin} -1 content)
  string(SUBSTRING "${content}" 1 -1 content)
  string(FIND "${content}" "\n== " end)
  string(SUBSTRING "${content}" 0 ${end} content)
  file(APPEND ${OUTPUT} "      {\"${file}\", R\"martlet_file(${content})martlet_file\"},\n")
endforeach()
file(APPEND ${OUTPUT} "  };
  return kTexts;
}

}  // namespace martlet
")
