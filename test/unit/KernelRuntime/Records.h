//===- Records.h - Records of a kernel file in memory -----------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_KERNELRUNTIME_RECORDS_H
#define TEZ_TEST_UNIT_KERNELRUNTIME_RECORDS_H

#include "NativeTesting.h"
#include "tez_kernel.h"

namespace tez::test {

struct CloseKernel {
  void operator()(tez_kernel *kernel) const { tez_kernel_close(kernel); }
};
using KernelPointer = std::unique_ptr<tez_kernel, CloseKernel>;

/// Records by name, and the kernel that they make, or its error.
struct Records {
  std::map<std::string, std::string> all;
  std::string error;

  static tez_bytes find(void *context, const char *name) {
    auto &all = static_cast<Records *>(context)->all;
    auto found = all.find(name);
    return found == all.end() ? tez_bytes{nullptr, 0}
                              : tez_bytes{found->second.data(), found->second.size()};
  }
  KernelPointer open() {
    char text[256] = "";
    KernelPointer kernel(tez_kernel_create(find, this, text, sizeof text));
    error = text;
    return kernel;
  }
};

inline Records twoLayerRecords(std::vector<const char *> cpus = {"native"}) {
  std::vector<native::MachineCode> variants;
  for (const char *cpu : cpus)
    variants.push_back(std::move(*llvm::cantFail(compileText(twoLayers, twoLayerWeights(), cpu))));
  return {native::makeRecords(variants), ""};
}

inline Records imageRecords() {
  return {native::makeRecords({std::move(*llvm::cantFail(compileText(images, imageWeights())))}),
          ""};
}

} // namespace tez::test

#endif // TEZ_TEST_UNIT_KERNELRUNTIME_RECORDS_H
