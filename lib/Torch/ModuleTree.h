//===- ModuleTree.h - The submodules that dotted names imply ----*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_MODULETREE_H
#define TEZ_LIB_TORCH_MODULETREE_H

#include "NameTable.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Weights/WeightStore.h"
#include <torch/csrc/jit/api/module.h>

namespace tez {

/// The path of the module that holds a parameter or module, and its name there.
inline std::pair<llvm::StringRef, llvm::StringRef> splitName(llvm::StringRef name) {
  size_t dot = name.rfind('.');
  if (dot == llvm::StringRef::npos)
    return {"", name};
  return {name.take_front(dot), name.drop_front(dot + 1)};
}

/// Makes a torch module of the state of a ts.module. Each module has the flag
/// `training`, then its own parameters, buffers, packed weights and submodules,
/// each kind in the order of the ts.module. Modules of equal structure share a class, so
/// that a file has few of them. Throws what torch throws.
class ModuleTree {
public:
  /// `weights` must outlive the module: it uses their memory.
  ModuleTree(ts::ModuleOp op, const WeightStore &weights);

  const torch::jit::Module &root() const { return modules.front(); }

  /// The class that stands for that of the module at a path ("" is the root) in
  /// a graph that is only printed. The printer goes through all attributes of a
  /// class at each use of a value of it; so that this is not quadratic, a module
  /// of many attributes goes by the class of one inside of it.
  c10::ClassTypePtr printedTypeOf(llvm::StringRef path) const;

  /// A parameter or buffer by its name in the state dict. Its memory is that of the weights.
  at::Tensor state(llvm::StringRef name) const { return states.lookup(name); }

  /// The class of a packed weight.
  c10::TypePtr packedTypeOf(llvm::StringRef name) const { return packedTypes.lookup(name); }

  /// What an attribute is called on its way through torch.
  NameTable names;

private:
  struct Slot {
    std::string name; ///< encoded
    at::Tensor tensor;
  };
  struct PackedSlot {
    std::string name; ///< encoded
    c10::IValue value;
  };
  struct Child {
    std::string name; ///< encoded
    unsigned node;
  };
  /// A module before it is built. Children come after their parent.
  struct Node {
    std::vector<Slot> parameters, buffers;
    std::vector<PackedSlot> packed;
    std::vector<Child> children;
  };

  unsigned nodeAt(llvm::StringRef path);
  void addState(mlir::Operation &op, const WeightStore &weights, bool trainable);
  void addPacked(ts::PackedOp op, const WeightStore &weights);
  c10::ClassTypePtr classFor(const Node &node, bool isRoot);
  torch::jit::Module build(const Node &node, bool isRoot);

  std::string className;
  std::shared_ptr<torch::jit::CompilationUnit> unit;
  llvm::StringMap<unsigned> nodes; ///< by path; also the index into `modules`
  llvm::StringMap<at::Tensor> states;
  llvm::StringMap<c10::TypePtr> packedTypes;
  std::vector<Node> tree;
  std::vector<torch::jit::Module> modules;
  std::map<std::string, c10::ClassTypePtr> classes; ///< by structure
};

} // namespace tez

#endif // TEZ_LIB_TORCH_MODULETREE_H
