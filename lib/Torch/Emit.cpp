//===- Emit.cpp - From a ts.module to the bytes of a kernel file ----------===//

#include "Emit.h"
#include "GraphBuilder.h"
#include "Guard.h"
#include "tez/Support/ZipReader.h"
#include "tez/Support/ZipWriter.h"
#include <torch/csrc/jit/serialization/export.h>

using namespace tez;

/// Adds `forward` to the class of the root. What may be left out has the default
/// None, so that hosts can call with fewer arguments.
static void defineForward(ts::ForwardOp forward, ModuleTree &modules) {
  std::shared_ptr<torch::jit::Graph> graph = GraphBuilder(forward, modules).build();
  c10::ClassTypePtr type = modules.root().type();
  auto *function = modules.root()._ivalue()->compilation_unit()->create_function(
      c10::QualifiedName(*type->name(), "forward"), std::move(graph));
  const c10::FunctionSchema &inferred = function->getSchema();
  std::vector<c10::Argument> arguments = {c10::Argument("self", type)};
  for (const c10::Argument &argument : llvm::drop_begin(inferred.arguments()))
    arguments.push_back(
        argument.type()->kind() == c10::TypeKind::OptionalType
            ? c10::Argument(argument.name(), argument.type(), std::nullopt, c10::IValue())
            : argument);
  function->setSchema(c10::FunctionSchema("forward", "", std::move(arguments), inferred.returns()));
  type->addMethod(function);
}

static std::string serialize(const torch::jit::Module &module) {
  std::string bytes;
  size_t expected = 1 << 16;
  for (const at::Tensor &tensor : module.parameters())
    expected += tensor.nbytes() + 256;
  bytes.reserve(expected);
  torch::jit::ExportModule(module, [&](const void *data, size_t size) {
    bytes.append(static_cast<const char *>(data), size);
    return size;
  });
  return bytes;
}

/// A record as it goes into our file: source text uncompressed, names restored.
static llvm::Error copyRecord(const ZipReader &reader, llvm::StringRef name, const NameTable &names,
                              ZipWriter &writer) {
  auto record = reader.readRaw(name);
  if (!record)
    return record.takeError();
  std::string target = ("kernel" + name.drop_front(name.find('/'))).str();
  if (target == "kernel/data.pkl") {
    writer.add(target, names.decodePickle(record->content));
    return llvm::Error::success();
  }
  if (!name.ends_with(".py")) {
    writer.add(target, *record);
    return llvm::Error::success();
  }
  auto text = inflateRecord(*record, record->size);
  if (!text)
    return text.takeError();
  writer.add(target, names.decodeSource(*text));
  return llvm::Error::success();
}

/// torch names the folder after the path it saves to, or "archive"; ours is
/// always "kernel". Its debug records hold Python source lines, of which a
/// built graph has none.
static llvm::Expected<std::string> repack(const std::string &archive, const NameTable &names,
                                          const std::map<std::string, std::string> &extra) {
  auto reader = ZipReader::open(archive);
  if (!reader)
    return reader.takeError();
  ZipWriter writer;
  writer.reserve(archive.size() + 4096);
  for (const std::string &name : reader->names())
    if (!llvm::StringRef(name).ends_with(".debug_pkl"))
      if (llvm::Error error = copyRecord(*reader, name, names, writer))
        return error;
  for (const auto &[name, content] : extra)
    writer.add("kernel/extra/" + name, content);
  return writer.finish();
}

llvm::Expected<std::string> tez::emitKernel(ts::ModuleOp module, const WeightStore &weights,
                                            const std::map<std::string, std::string> &extra) {
  return guarded("emit the kernel", [&]() -> llvm::Expected<std::string> {
    ModuleTree modules(module, weights);
    defineForward(module.getForward(), modules);
    return repack(serialize(modules.root()), modules.names, extra);
  });
}
