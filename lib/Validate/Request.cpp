//===- Request.cpp --------------------------------------------------------===//
//
// A header in CBOR, then the parts that it gives the sizes of, one behind the other: modules
// as bytecode, the file, the weights.
//
//===----------------------------------------------------------------------===//

#include "Request.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include <nlohmann/json.hpp>

using namespace mlir;
using namespace tez;
using Json = nlohmann::json;

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static std::string bytecodeOf(Operation *op) {
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  (void)writeBytecodeToFile(op, stream); // fails where an older version is asked for alone
  return bytes;
}

static Json describe(const WeightStore &weights) {
  Json list = Json::array();
  for (const std::string &name : weights.names()) {
    const HostTensor &tensor = *weights.lookup(name);
    list.push_back({name, int(tensor.dtype()), tensor.shape()});
  }
  return list;
}

RequestWriter::RequestWriter(const KernelUnderTest &file)
    : file(file), lowered(bytecodeOf(ts::ModuleOp(file.lowered))),
      oracle(bytecodeOf(mlir::ModuleOp(*file.oracle))) {}

std::string RequestWriter::write(ArrayRef<const Check *> checks) const {
  Json names = Json::array();
  for (const Check *check : checks)
    names.push_back(check->name.str());
  Json header = {{"checks", names},
                 {"seed", file.seed},
                 {"budget", file.benchBudget},
                 {"lowered", lowered.size()},
                 {"oracle", oracle.size()},
                 {"file", file.bytes.size()},
                 {"weights", describe(file.weights)}};
  std::vector<uint8_t> head = Json::to_cbor(header);
  uint64_t size = head.size();
  std::string bytes(reinterpret_cast<const char *>(&size), sizeof size);
  bytes.append(head.begin(), head.end());
  bytes.append(lowered).append(oracle).append(file.bytes);
  for (const std::string &name : file.weights.names()) {
    const HostTensor &tensor = *file.weights.lookup(name);
    bytes.append(tensor.data(), tensor.numBytes());
  }
  return bytes;
}

//===----------------------------------------------------------------------===//
// Reading. The writer is this program: sizes are right.
//===----------------------------------------------------------------------===//

static StringRef take(StringRef &rest, size_t size) {
  StringRef part = rest.take_front(size);
  rest = rest.drop_front(size);
  return part;
}

static OwningOpRef<mlir::ModuleOp> readModule(StringRef bytes, MLIRContext &context) {
  std::string aligned = bytes.str();
  return parseSourceString<mlir::ModuleOp>(aligned,
                                           ParserConfig(&context, /*verifyAfterParse=*/false));
}

static WeightStore readWeights(const Json &described, StringRef rest) {
  WeightStore weights;
  for (const Json &one : described) {
    HostTensor tensor(DType(one.at(1).get<int>()), one.at(2).get<std::vector<int64_t>>());
    StringRef values = take(rest, tensor.numBytes());
    std::copy(values.begin(), values.end(), tensor.data());
    weights.set(one.at(0).get<std::string>(), std::move(tensor));
  }
  return weights;
}

std::optional<Request> tez::readRequest(StringRef bytes, MLIRContext &context) {
  uint64_t size;
  StringRef front = take(bytes, sizeof size);
  std::copy(front.begin(), front.end(), reinterpret_cast<char *>(&size));
  Json header = Json::from_cbor(take(bytes, size).bytes());
  Request request;
  request.checks = header.at("checks").get<std::vector<std::string>>();
  request.lowered = readModule(take(bytes, header.at("lowered")), context);
  auto file = request.file = std::make_shared<KernelUnderTest>();
  file->oracle = readModule(take(bytes, header.at("oracle")), context);
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime || !request.lowered || !file->oracle)
    return llvm::consumeError(runtime.takeError()), std::nullopt;
  file->runtime = *runtime;
  file->lowered = *request.lowered->getOps<ts::ModuleOp>().begin();
  file->bytes = take(bytes, header.at("file")).str();
  file->seed = header.at("seed");
  file->benchBudget = header.at("budget");
  file->weights = readWeights(header.at("weights"), bytes);
  return request;
}

std::unique_ptr<MLIRContext> tez::makeRequestContext() {
  DialectRegistry registry;
  registry.insert<esper::EsperDialect, ts::TsDialect>();
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}
