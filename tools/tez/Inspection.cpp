//===- Inspection.cpp - Looks into a kernel file --------------------------===//

#include "Inspection.h"
#include "tez/Artifact/Archive.h"
#include "tez/Blueprint/Importer.h"
#include "tez/Support/ZipReader.h"

using namespace tez;
using Json = nlohmann::ordered_json;

int64_t tool::countElements(const NamedTensors &tensors) {
  int64_t count = 0;
  for (const auto &[name, tensor] : tensors)
    count += tensor.numElements();
  return count;
}

/// A record of ours as JSON; null where there is none or it is something else.
static Json readJson(llvm::StringRef bytes, llvm::StringRef name) {
  llvm::Expected<std::string> text = readExtra(bytes, name);
  if (!text)
    return llvm::consumeError(text.takeError()), Json();
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json();
}

static llvm::Error lookAtRecords(llvm::StringRef bytes, tool::Inspection &found) {
  llvm::Expected<ZipReader> zip = ZipReader::open(bytes);
  if (!zip)
    return zip.takeError();
  for (const std::string &name : zip->names()) {
    llvm::Expected<ZipRecord> record = zip->readRaw(name);
    if (!record)
      return record.takeError();
    found.records.push_back({name, record->content.size(), record->size});
  }
  return llvm::Error::success();
}

/// The importer reads bytecode in a child process first: the file is not trusted.
static void lookAtKernel(llvm::StringRef bytes, mlir::MLIRContext &context,
                         tool::Inspection &found) {
  llvm::Expected<std::string> bytecode = readExtra(bytes, "kernel.mlirbc");
  if (!bytecode) {
    found.noAnalysis = llvm::toString(bytecode.takeError());
    return;
  }
  json::Source source("kernel.mlirbc", std::move(*bytecode));
  json::DiagnosticList findings;
  auto module = blueprint::importBlueprint(source, context, {}, findings);
  if (module)
    found.analysis = analyze(*module->getOps<esper::KernelOp>().begin());
  else
    found.noAnalysis =
        "kernel.mlirbc: " + (findings.all().empty() ? "cannot be read" : findings.all()[0].message);
}

static llvm::Error lookAtState(llvm::StringRef bytes, tool::Inspection &found) {
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return runtime.takeError();
  auto loaded = (*runtime)->load(bytes);
  if (!loaded)
    return llvm::createStringError(found.path + ": " + llvm::toString(loaded.takeError()));
  found.parameters = (*loaded)->parameters();
  found.buffers = (*loaded)->buffers();
  found.source = (*loaded)->source();
  return llvm::Error::success();
}

llvm::Error tool::look(llvm::StringRef bytes, mlir::MLIRContext &context, bool analyzed,
                       Inspection &found) {
  if (llvm::Error error = lookAtState(bytes, found))
    return error;
  if (llvm::Error error = lookAtRecords(bytes, found))
    return llvm::createStringError(found.path + ": " + llvm::toString(std::move(error)));
  found.bytes = bytes.size();
  found.sha256 = sha256(bytes);
  if (llvm::Error error = verifyArchive(bytes))
    found.seal = llvm::toString(std::move(error));
  found.metadata = readJson(bytes, "metadata.json");
  found.evidence = readJson(bytes, "evidence.json");
  if (analyzed)
    lookAtKernel(bytes, context, found);
  else
    found.noAnalysis = "not looked at";
  return llvm::Error::success();
}
