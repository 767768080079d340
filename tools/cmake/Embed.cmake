# cmake -DROOT=FOLDER -DFILES=A;B -DOUT=X.inc -P Embed.cmake
#   Rows of EmbeddedFile (include/tez/Service/Embedded.h): the files' names below ROOT and their texts.
set(rows "")
foreach(file ${FILES})
  file(READ ${ROOT}/${file} text)
  if(text STREQUAL "")
    message(FATAL_ERROR "${ROOT}/${file} is empty or not there")
  endif()
  string(APPEND rows "{\"${file}\", R\"TEZ(${text})TEZ\"},\n")
endforeach()
file(WRITE ${OUT} "${rows}")
