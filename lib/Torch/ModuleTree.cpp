//===- ModuleTree.cpp - The submodules that dotted names imply ------------===//

#include "ModuleTree.h"
#include "PackedWeights.h"
#include "Tensors.h"

using namespace tez;

/// More than any network has; a bound for everything that recurses in torch.
static constexpr size_t kMaxDepth = 64;

/// One for all: what a network is called is no part of what it computes, so that
/// kernels of one structure are the same bytes.
static constexpr const char *kClassName = "__torch__.tezzeret.Kernel";

ModuleTree::ModuleTree(ts::ModuleOp op, const WeightStore &weights)
    : className(kClassName), unit(std::make_shared<torch::jit::CompilationUnit>()) {
  nodes[""] = 0;
  tree.emplace_back();
  for (mlir::Operation &member : op.getBody().front()) {
    if (auto submodule = llvm::dyn_cast<ts::SubmoduleOp>(member))
      nodeAt(submodule.getPath());
    else if (llvm::isa<ts::ParameterOp, ts::BufferOp>(member))
      addState(member, weights, op.getTrainable());
    else if (auto packed = llvm::dyn_cast<ts::PackedOp>(member))
      addPacked(packed, weights);
  }
  modules.resize(tree.size());
  for (size_t i = tree.size(); i-- > 0;) // children before their parents
    modules[i] = build(tree[i], i == 0);
}

c10::ClassTypePtr ModuleTree::printedTypeOf(llvm::StringRef path) const {
  constexpr size_t many = 16;
  unsigned node = nodes.lookup(path);
  while (tree[node].children.size() > many)
    node = tree[node].children.front().node;
  return modules[node].type();
}

unsigned ModuleTree::nodeAt(llvm::StringRef path) {
  auto known = nodes.find(path);
  if (known != nodes.end())
    return known->second;
  TORCH_CHECK(path.count('.') < kMaxDepth, "\"", path.take_front(80).str(),
              "\" nests modules deeper than ", kMaxDepth);
  TORCH_CHECK(path != "forward", "a module cannot be called \"forward\"");
  auto [parentPath, name] = splitName(path);
  unsigned parent = nodeAt(parentPath);
  unsigned index = unsigned(tree.size());
  tree.emplace_back();
  tree[parent].children.push_back({names.encode(name), index});
  nodes[path] = index;
  return index;
}

static DType toDType(mlir::Type type) {
  if (type.isF64())
    return DType::f64;
  if (type.isF32())
    return DType::f32;
  if (type.isF16())
    return DType::f16;
  if (type.isBF16())
    return DType::bf16;
  TORCH_CHECK(type.isInteger(), "element type not supported");
  switch (type.getIntOrFloatBitWidth()) {
  case 64:
    return DType::i64;
  case 32:
    return DType::i32;
  case 16:
    return DType::i16;
  case 8:
    return type.isUnsignedInteger() ? DType::u8 : DType::i8;
  default:
    return DType::i1;
  }
}

/// The same values with the channels varying fastest in memory.
static at::Tensor channelsLast(const at::Tensor &tensor) {
  return tensor.contiguous(tensor.dim() == 4 ? at::MemoryFormat::ChannelsLast
                                             : at::MemoryFormat::ChannelsLast3d);
}

void ModuleTree::addState(mlir::Operation &op, const WeightStore &weights, bool trainable) {
  auto name = op.getAttrOfType<mlir::StringAttr>("name").getValue();
  auto type =
      llvm::cast<mlir::RankedTensorType>(op.getAttrOfType<mlir::TypeAttr>("type").getValue());
  const HostTensor *value = weights.lookup(name);
  TORCH_CHECK(value, "no weights for \"", name.str(), "\"");
  TORCH_CHECK(llvm::ArrayRef(value->shape()) == type.getShape() &&
                  value->dtype() == toDType(type.getElementType()),
              "the weights for \"", name.str(), "\" have another shape or type than the kernel");
  TORCH_CHECK(name != "forward", "a parameter or buffer cannot be called \"forward\"");
  auto [path, last] = splitName(name);
  at::Tensor tensor = toTorch(*value);
  if (op.hasAttr("memory"))
    tensor = channelsLast(tensor);
  bool isParameter = llvm::isa<ts::ParameterOp>(op);
  if (isParameter && trainable && tensor.is_floating_point())
    tensor.set_requires_grad(true);
  states[name] = tensor;
  Node &node = tree[nodeAt(path)];
  (isParameter ? node.parameters : node.buffers).push_back({names.encode(last), std::move(tensor)});
}

void ModuleTree::addPacked(ts::PackedOp op, const WeightStore &weights) {
  auto [path, last] = splitName(op.getName());
  c10::IValue value = packWeight(op, weights);
  packedTypes[op.getName()] = value.type();
  tree[nodeAt(path)].packed.push_back({names.encode(last), std::move(value)});
}

c10::ClassTypePtr ModuleTree::classFor(const Node &node, bool isRoot) {
  std::string structure = isRoot ? "root" : "";
  for (const Slot &slot : node.parameters)
    structure += "p" + slot.name + '\0';
  for (const Slot &slot : node.buffers)
    structure += "b" + slot.name + '\0';
  for (const PackedSlot &slot : node.packed)
    structure += "q" + slot.name + '\0' + slot.value.type()->str() + '\0';
  for (const Child &child : node.children)
    structure += "c" + child.name + '\0' + modules[child.node].type()->str() + '\0';
  c10::ClassTypePtr &type = classes[structure];
  if (type)
    return type;
  std::string suffix = isRoot ? "" : "_" + std::to_string(classes.size());
  type = c10::ClassType::create(c10::QualifiedName(className + suffix), unit, /*is_module=*/true);
  unit->register_type(type);
  type->addAttribute("training", c10::BoolType::get());
  for (const Slot &slot : node.parameters)
    type->addAttribute(slot.name, c10::TensorType::get(), /*is_parameter=*/true);
  for (const Slot &slot : node.buffers)
    type->addAttribute(slot.name, c10::TensorType::get(), /*is_parameter=*/false,
                       /*is_buffer=*/true);
  for (const PackedSlot &slot : node.packed)
    type->addAttribute(slot.name, slot.value.type());
  for (const Child &child : node.children)
    type->addAttribute(child.name, modules[child.node].type());
  return type;
}

torch::jit::Module ModuleTree::build(const Node &node, bool isRoot) {
  torch::jit::Module module(unit, classFor(node, isRoot));
  size_t slot = 0; // by number: finding a name takes time for each attribute
  auto object = module._ivalue();
  object->setSlot(slot++, true);
  for (const Slot &state : node.parameters)
    object->setSlot(slot++, state.tensor);
  for (const Slot &state : node.buffers)
    object->setSlot(slot++, state.tensor);
  for (const PackedSlot &state : node.packed)
    object->setSlot(slot++, state.value);
  for (const Child &child : node.children)
    object->setSlot(slot++, modules[child.node]._ivalue());
  return module;
}
