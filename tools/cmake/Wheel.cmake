# What the wheel of the Python package holds beside its Python files (pyproject.toml, tools/wheel):
#   cmake --install build --component wheel --prefix tezzeret
# Paths are relative to each file, so that the package may be installed anywhere. libtorch is that of the torch installed
# beside: site-packages/tezzeret/lib and site-packages/torch/lib. Where torch is elsewhere, tezzeret._tez names its folder.
set(beside "$ORIGIN" ${LLVM_PREFIX}/lib)  # the latter for a wheel that nobody repaired: tools/wheel puts LLVM in
set(torch_beside "$ORIGIN/../../torch/lib")
set_target_properties(tez PROPERTIES INSTALL_RPATH "$ORIGIN/../lib;${LLVM_PREFIX}/lib")
set_target_properties(TezCompiler TezKernel PROPERTIES INSTALL_RPATH "${beside}")
install(TARGETS tez RUNTIME DESTINATION bin COMPONENT wheel)
install(TARGETS TezCompiler TezKernel LIBRARY DESTINATION lib COMPONENT wheel NAMELINK_SKIP)
if(TARGET TezTorch)
  set_target_properties(TezTorch TezTorchOps PROPERTIES INSTALL_RPATH "${beside};${torch_beside}")
  install(TARGETS TezTorch TezTorchOps LIBRARY DESTINATION lib COMPONENT wheel)
endif()
install(FILES ${CMAKE_SOURCE_DIR}/include/tez_kernel.h DESTINATION include COMPONENT wheel)

# tools/wheel puts these packages' libraries in, so their licences go with them. It fails when one is not in this list.
set(TEZ_WHEEL_PACKAGES libllvm22 libmlir-22 libbsd0 libbz2-1.0 libedit2 libffi8 libicu72 liblzma5 libmd0 libssl3 libtinfo6
    libxml2 libz3-4 libzip4 libzstd1)
foreach(package ${TEZ_WHEEL_PACKAGES})
  if(EXISTS /usr/share/doc/${package}/copyright)
    install(FILES /usr/share/doc/${package}/copyright DESTINATION licenses RENAME ${package}.txt COMPONENT wheel)
  endif()
endforeach()
