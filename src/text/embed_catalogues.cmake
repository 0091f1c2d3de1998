# Writes OUTPUT, a C++ file with the text of every FILES entry (a list separated by "|") under its
# language tag, the file's name. Run at build time: cmake -DOUTPUT=… -DFILES=… -P this file.
string(REPLACE "|" ";" files "${FILES}")
set(content "// Written by the build out of config/locales.\n#include \"text/embedded.hpp\"\n\n")
string(APPEND content "namespace frontrow::text {\n\n")
string(APPEND content "const std::vector<EmbeddedCatalogue>& embedded_catalogues() {\n")
string(APPEND content "  static const std::vector<EmbeddedCatalogue> catalogues = {\n")
foreach(file IN LISTS files)
  get_filename_component(tag "${file}" NAME_WE)
  # In hex, because reading a file as text would take brackets and semicolons for list syntax.
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  string(APPEND content "      {\"${tag}\", \"${escaped}\"},\n")
endforeach()
string(APPEND content "  };\n  return catalogues;\n}\n\n}  // namespace frontrow::text\n")
file(WRITE "${OUTPUT}" "${content}")
