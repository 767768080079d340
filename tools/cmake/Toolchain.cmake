# The compiler's surroundings: where MLIR, torch and the linker are.

find_program(LLVM_CONFIG llvm-config-22 REQUIRED)
execute_process(COMMAND ${LLVM_CONFIG} --prefix OUTPUT_VARIABLE LLVM_PREFIX
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
find_package(MLIR REQUIRED CONFIG PATHS ${LLVM_PREFIX}/lib/cmake/mlir NO_DEFAULT_PATH)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
# AddLLVM sets its own output folders; ours are build/bin and build/lib.
set(MLIR_TOOLS_DIR ${LLVM_PREFIX}/bin)
include_directories(SYSTEM ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)

add_compile_options(-Wall -Wextra -Wno-unused-parameter -fno-semantic-interposition
                    $<$<CONFIG:Release>:-O2>)
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
if(TEZ_SANITIZE)
  add_compile_options(-fsanitize=${TEZ_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TEZ_SANITIZE})
endif()

# libtorch from the wheel, without its CMake package (that asks for a CUDA toolkit).
set(TEZ_TORCH_ROOT "" CACHE PATH "folder of the installed torch package (holds lib/libtorch_cpu.so)")
if(NOT TEZ_TORCH_ROOT)
  file(GLOB found ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch)
  set(TEZ_TORCH_FOUND ${found})
else()
  set(TEZ_TORCH_FOUND ${TEZ_TORCH_ROOT})
endif()
if(EXISTS ${TEZ_TORCH_FOUND}/lib/libtorch_cpu.so)
  add_library(Torch::torch INTERFACE IMPORTED)
  target_include_directories(Torch::torch SYSTEM INTERFACE
    ${TEZ_TORCH_FOUND}/include ${TEZ_TORCH_FOUND}/include/torch/csrc/api/include)
  target_link_libraries(Torch::torch INTERFACE
    ${TEZ_TORCH_FOUND}/lib/libtorch_cpu.so ${TEZ_TORCH_FOUND}/lib/libc10.so)
else()
  message(WARNING "no torch in .venv (run tools/setup) and no TEZ_TORCH_ROOT: building without libTezTorch")
endif()
