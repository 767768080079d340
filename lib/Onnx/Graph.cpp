//===- Graph.cpp ----------------------------------------------------------===//
//
// The numbers of fields are those of onnx.proto (https://github.com/onnx/onnx).
//
//===----------------------------------------------------------------------===//

#include "Graph.h"
#include "tez/Support/Version.h"
#include "tez/Weights/KernelWeights.h"

using namespace tez;
using namespace tez::onnx;
using llvm::ArrayRef;
using llvm::StringRef;

static constexpr int64_t irVersion = 8, opset = 18;

/// TensorProto.DataType.
static int64_t dataType(DType dtype) {
  switch (dtype) {
  case DType::f32:
    return 1;
  case DType::u8:
    return 2;
  case DType::i8:
    return 3;
  case DType::i16:
    return 5;
  case DType::i32:
    return 6;
  case DType::i64:
    return 7;
  case DType::i1:
    return 9;
  case DType::f16:
    return 10;
  case DType::f64:
    return 11;
  case DType::bf16:
    return 16;
  }
  llvm_unreachable("a type without a number");
}

static Message tensorProto(StringRef name, const HostTensor &tensor) {
  Message proto;
  for (int64_t dim : tensor.shape())
    proto.number(1, dim);
  proto.number(2, dataType(tensor.dtype()));
  proto.text(8, name);
  proto.text(9, StringRef(tensor.data(), tensor.numBytes()));
  return proto;
}

static Message attributeProto(const Attribute &attribute) {
  enum Kind { Float = 1, Int = 2, String = 3, Ints = 7, Strings = 8 };
  constexpr unsigned kindField = 20;
  Message proto;
  proto.text(1, attribute.name);
  if (const auto *real = std::get_if<float>(&attribute.value)) {
    proto.real(2, *real);
    proto.number(kindField, Float);
  } else if (const auto *number = std::get_if<int64_t>(&attribute.value)) {
    proto.number(3, *number);
    proto.number(kindField, Int);
  } else if (const auto *text = std::get_if<std::string>(&attribute.value)) {
    proto.text(4, *text);
    proto.number(kindField, String);
  } else if (const auto *numbers = std::get_if<Attribute::Ints>(&attribute.value)) {
    for (int64_t one : *numbers)
      proto.number(8, one);
    proto.number(kindField, Ints);
  } else {
    for (const std::string &one : std::get<Attribute::Texts>(attribute.value))
      proto.text(9, one);
    proto.number(kindField, Strings);
  }
  return proto;
}

/// ValueInfoProto. Dimensions that are not known are named "batch" where they lead, else by place.
static Message valueInfo(StringRef name, mlir::RankedTensorType type) {
  Message shape;
  for (auto [i, dim] : llvm::enumerate(type.getShape())) {
    Message one;
    if (!mlir::ShapedType::isDynamic(dim))
      one.number(1, dim);
    else
      one.text(2, i == 0 ? std::string("batch") : (name + "_dim" + llvm::Twine(i)).str());
    shape.message(1, one);
  }
  Message tensor, any, info;
  tensor.number(1, dataType(*dtypeOf(type.getElementType())));
  tensor.message(2, shape);
  any.message(1, tensor);
  info.text(1, name);
  info.message(2, any);
  return info;
}

Name Graph::fresh(StringRef type) {
  for (;;) {
    unsigned number = counters[type]++;
    Name name = (number ? type + "_" + llvm::Twine(number) : llvm::Twine(type)).str();
    if (taken.insert(name).second)
      return name;
  }
}

Names Graph::nodes(StringRef type, ArrayRef<Name> inputs, Attributes attributes, unsigned results) {
  Message proto;
  Names outputs;
  while (!inputs.empty() && inputs.back().empty())
    inputs = inputs.drop_back();
  for (const Name &input : inputs)
    proto.text(1, input);
  for (unsigned i = 0; i < results; ++i) {
    outputs.push_back(fresh(type));
    proto.text(2, outputs.back());
  }
  proto.text(3, outputs.front());
  proto.text(4, type);
  for (const Attribute &attribute : attributes)
    proto.message(5, attributeProto(attribute));
  graph.message(1, proto);
  return outputs;
}

Name Graph::constant(const HostTensor &tensor) {
  std::string content(tensor.data(), tensor.numBytes());
  for (int64_t dim : tensor.shape())
    content += "," + std::to_string(dim);
  content += tez::name(tensor.dtype());
  auto [at, isNew] = constants.try_emplace(content);
  if (isNew) {
    at->second = fresh("constant");
    graph.message(5, tensorProto(at->second, tensor));
  }
  return at->second;
}

Name Graph::number(double value) { return numbers({}, value); }

Name Graph::numbers(ArrayRef<int64_t> shape, ArrayRef<double> values) {
  return constant(HostTensor::fromDoubles(DType::f32, shape.vec(), values.vec()));
}

Name Graph::integers(ArrayRef<int64_t> values) {
  HostTensor tensor(DType::i64, {int64_t(values.size())});
  llvm::copy(values, tensor.data<int64_t>());
  return constant(tensor);
}

Name Graph::integer(int64_t value) {
  HostTensor tensor(DType::i64, {});
  *tensor.data<int64_t>() = value;
  return constant(tensor);
}

Name Graph::cast(Name x, DType to) { return node("Cast", {x}, {{"to", dataType(to)}}); }

Name Graph::reduce(StringRef type, Name x, ArrayRef<int64_t> axes, bool keep) {
  return node(type, {x, axes.empty() ? Name() : integers(axes)}, {{"keepdims", int64_t(keep)}});
}

Name Graph::standardize(Name x, ArrayRef<int64_t> axes, double eps) {
  Name centred = subtract(x, reduce("ReduceMean", x, axes, true));
  Name variance = reduce("ReduceMean", multiply(centred, centred), axes, true);
  return divide(centred, node("Sqrt", {add(variance, number(eps))}));
}

Name Graph::affine(Name x, Name weight, Name bias) {
  if (!weight.empty())
    x = multiply(x, weight);
  return bias.empty() ? x : add(x, bias);
}

void Graph::addInitializer(StringRef name, const HostTensor &tensor) {
  taken.insert(name);
  graph.message(5, tensorProto(name, tensor));
}

void Graph::addInput(StringRef name, mlir::RankedTensorType type) {
  taken.insert(name);
  graph.message(11, valueInfo(name, type));
}

void Graph::addOutput(StringRef name, mlir::Value value) {
  Message proto;
  proto.text(1, (*this)(value));
  proto.text(2, name);
  proto.text(3, name);
  proto.text(4, "Identity");
  graph.message(1, proto);
  graph.message(12, valueInfo(name, llvm::cast<mlir::RankedTensorType>(value.getType())));
}

std::string Graph::take(StringRef name) {
  graph.text(2, name);
  Message operators, model;
  operators.number(2, opset);
  model.number(1, irVersion);
  model.text(2, "tezzeret");
  model.text(3, version);
  model.message(7, graph);
  model.message(8, operators);
  return model.take();
}
