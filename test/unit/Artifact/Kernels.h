//===- Kernels.h - A small kernel file without torch ------------*- C++ -*-===//

#ifndef TEZ_TEST_UNIT_ARTIFACT_KERNELS_H
#define TEZ_TEST_UNIT_ARTIFACT_KERNELS_H

#include "tez/Artifact/Archive.h"
#include "tez/Support/ZipWriter.h"

namespace tez::test {

/// What a small kernel is made of, to be changed by a test.
struct SmallKernel {
  std::string members = "  weight : Tensor\n  training : bool\n",
              body = "    return torch.relu(x)\n", more,
              state = tensor("K\x10", "K\x04K\x04", "K\x04K\x01") + "u",
              weights = std::string(64, 'w');

  /// The pickle of a tensor: the number of elements as opcodes, sizes and strides.
  static std::string tensor(const std::string &count, const std::string &sizes,
                            const std::string &strides) {
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" +
           text("0") + text("cpu") + count + std::string("tQK\0", 4) + "(" + sizes + "t(" +
           strides +
           "t\x89"
           "ccollections\nOrderedDict\n)RtR";
  }
  static std::string text(const std::string &word) {
    return "X" + std::string(1, char(word.size())) + std::string(3, '\0') + word;
  }

  std::string source() const {
    return "class K(Module):\n  __parameters__ = [\"weight\", ]\n  __buffers__ = []\n" + members +
           "  def forward(self: __torch__.K,\n    x: Tensor) -> Tensor:\n" + body + more;
  }
  std::string pickle() const {
    return "\x80\x02"
           "c__torch__\nK\n)\x81}(" +
           text("training") + "\x88" + text("weight") + state + "b.";
  }
  std::string archive() const {
    ZipWriter writer;
    writer.add("kernel/data/0", weights);
    writer.add("kernel/data.pkl", pickle());
    writer.add("kernel/code/__torch__.py", source());
    writer.add("kernel/constants.pkl", std::string("\x80\x02).", 4));
    return writer.finish();
  }
  std::string sealed() const {
    return llvm::cantFail(sealArchive(archive(), {{"metadata.json", "{}"}, {"blueprint", "net"}}));
  }
};

} // namespace tez::test

#endif // TEZ_TEST_UNIT_ARTIFACT_KERNELS_H
