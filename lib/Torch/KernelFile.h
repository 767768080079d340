//===- KernelFile.h - What a kernel file may ask of torch -------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_KERNELFILE_H
#define TEZ_LIB_TORCH_KERNELFILE_H

#include "tez/Artifact/KernelFile.h"

#endif // TEZ_LIB_TORCH_KERNELFILE_H
