//===- Mlir.cpp - Form 1e: esper as text or bytecode ----------------------===//

#include "../InputNames.h"
#include "Probe.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Parser/Parser.h"
#include "tez/Blueprint/Form.h"
#include "tez/Json/Document.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

static constexpr llvm::StringLiteral kBytecodeMagic = "ML\xefR";

bool tez::blueprint::isMlir(const json::Source &source) {
  StringRef name = source.name(), text = source.text();
  if (name.ends_with(".mlir") || name.ends_with(".mlirbc") || text.starts_with(kBytecodeMagic))
    return true;
  if (name.ends_with(".json"))
    return false;
  StringRef start = text.ltrim(" \t\r\n");
  for (StringRef word : {"module", "esper.", "builtin.", "//", "#", "!"})
    if (start.starts_with(word))
      return true;
  return false;
}

/// The parser recurses into what is nested. Brackets in comments and strings
/// count, which is on the safe side: text that people write has few of them.
static std::optional<size_t> tooDeepAt(StringRef text, uint32_t limit) {
  uint32_t depth = 0;
  for (auto [at, c] : llvm::enumerate(text)) {
    bool arrow = c == '>' && at > 0 && text[at - 1] == '-';
    if (c == '(' || c == '[' || c == '{' || c == '<')
      ++depth;
    else if ((c == ')' || c == ']' || c == '}' || c == '>') && !arrow && depth > 0)
      --depth;
    if (depth > limit)
      return at;
  }
  return std::nullopt;
}

/// Where a section {-# ... #-} begins, outside of strings and comments. It is
/// of no use here, and the reader trusts what it says of blobs.
static std::optional<size_t> resourcesAt(StringRef text) {
  for (size_t at = 0; at < text.size(); ++at) {
    StringRef rest = text.drop_front(at);
    if (rest.starts_with("{-#"))
      return at;
    if (rest.starts_with("//"))
      at += std::min(rest.find('\n'), rest.size());
    if (rest.front() != '"')
      continue;
    // A string that does not end in its line is the parser's to report.
    for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at)
      at += text[at] == '\\';
  }
  return std::nullopt;
}

static bool checkText(const json::Source &source, MLIRContext *context) {
  json::ParseOptions limits;
  json::Position place = source.position(0);
  std::string fault;
  if (source.text().size() > limits.maxBytes)
    fault = "expected a file of at most " + std::to_string(limits.maxBytes) + " bytes";
  else if (StringRef(source.text()).starts_with(kBytecodeMagic))
    return true;
  else if (auto at = tooDeepAt(source.text(), limits.maxDepth)) {
    fault = "nested deeper than " + std::to_string(limits.maxDepth) + " levels";
    place = source.position(*at);
  } else if (auto at = resourcesAt(source.text())) {
    fault = "expected no section of resources or metadata, {-# ... #-}";
    place = source.position(*at);
  }
  if (fault.empty())
    return true;
  emitError(FileLineColLoc::get(context, source.name(), place.line, place.column)) << fault;
  return false;
}

static OwningOpRef<ModuleOp> parse(const json::Source &source, MLIRContext *context) {
  // Bytecode asks for aligned memory, the text parser for a zero at the end.
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      source.text().size(), StringRef(source.name()), llvm::Align(64));
  if (!buffer) {
    emitError(UnknownLoc::get(context)) << "not enough memory for the file";
    return {};
  }
  llvm::copy(source.text(), buffer->getBufferStart());
  llvm::SourceMgr manager;
  manager.AddNewSourceBuffer(std::move(buffer), SMLoc());
  return parseSourceFile<ModuleOp>(manager, ParserConfig(context, /*verifyAfterParse=*/true));
}

/// Nothing but one kernel: another function would be silently dropped later.
static LogicalResult checkContents(ModuleOp module) {
  unsigned kernels = 0;
  for (Operation &op : *module.getBody())
    if (!isa<esper::KernelOp>(op))
      return op.emitError() << "expected nothing but one esper.kernel, found '" << op.getName()
                            << "'";
    else if (++kernels > 1)
      return op.emitError("expected one esper.kernel, found a second one");
  if (kernels == 0)
    return module.emitError("expected one esper.kernel, found none");
  return success();
}

/// The path of the module that holds `name`, "" for the kernel.
static StringRef holderOf(StringRef name) {
  size_t dot = name.rfind('.');
  return dot == StringRef::npos ? StringRef() : name.take_front(dot);
}

/// No name of a parameter or buffer is the path of a module as well.
static LogicalResult checkPaths(esper::KernelOp kernel) {
  llvm::StringSet<> modules;
  for (Operation &op : kernel.getBody().front()) {
    StringRef path;
    if (auto mode = dyn_cast<esper::TrainingOp>(op))
      path = mode.getModule();
    else if (isa<esper::ParamOp, esper::BufferOp>(op))
      path = holderOf(op.getAttrOfType<StringAttr>("name").getValue());
    for (; !path.empty() && modules.insert(path).second; path = holderOf(path))
      ;
  }
  for (Operation &op : kernel.getBody().front())
    if (isa<esper::ParamOp, esper::BufferOp>(op))
      if (auto name = op.getAttrOfType<StringAttr>("name"); modules.contains(name.getValue()))
        return op.emitError() << "the name " << name << " is also the path of a module";
  return success();
}

/// The element types that a file of torch holds.
static bool isKnownElement(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return integer.isSignless() && llvm::is_contained({1, 8, 16, 32, 64}, integer.getWidth());
  return type.isF64() || type.isF32() || type.isF16() || type.isBF16();
}

static LogicalResult checkBody(esper::KernelOp kernel, const Limits &limits) {
  StateBudget budget(limits);
  for (Operation &op : kernel.getBody().front()) {
    if (!isa_and_present<esper::EsperDialect>(op.getDialect()))
      return op.emitError() << "expected an op of the esper dialect, found '" << op.getName()
                            << "'";
    if (!isa<esper::ParamOp, esper::BufferOp>(op))
      continue;
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    StringRef name = op.getAttrOfType<StringAttr>("name").getValue();
    if (!isKnownElement(type.getElementType()))
      return op.emitError() << "a kernel file holds no elements of type " << type.getElementType();
    if (!budget.take(op.getLoc(), name, type.getShape(), type.getElementType(),
                     isa<esper::ParamOp>(op)))
      return failure();
  }
  return checkPaths(kernel);
}

/// Makes what the text says of names usable, and says what it leaves out.
static LogicalResult complete(esper::KernelOp kernel) {
  if (!llvm::json::isUTF8(kernel.getSymName()))
    return kernel.emitError("expected a kernel's name in valid UTF-8");
  std::vector<std::string> names;
  for (unsigned i = 0; i < kernel.getArgumentTypes().size(); ++i)
    names.push_back(kernel.getInputName(i));
  for (auto [i, name] : llvm::enumerate(distinctIdentifiers(names)))
    kernel.setArgAttr(i, "esper.name", StringAttr::get(kernel.getContext(), name));
  Attribute given = kernel->getAttr("tez.blueprint");
  if (!given) {
    Description description;
    description.text("name", std::string_view(kernel.getSymName()));
    description.text("form", "mlir");
    kernel->setAttr("tez.blueprint", description.attribute(kernel.getContext()));
    return success();
  }
  auto entries = dyn_cast<DictionaryAttr>(given);
  if (!entries ||
      !llvm::all_of(entries, [](NamedAttribute e) { return isa<StringAttr>(e.getValue()); }))
    return kernel.emitError("expected tez.blueprint to be a dictionary of strings");
  return success();
}

/// An error at the beginning of the file.
static void refuse(const json::Source &source, MLIRContext *context, const Twine &why) {
  json::Position place = source.position(0);
  emitError(FileLineColLoc::get(context, source.name(), place.line, place.column)) << why;
}

/// Bytecode as text with its locations, after an 'M'; or what is wrong with it,
/// after an 'E'.
static std::string textOf(const json::Source &source, MLIRContext *context) {
  std::string fault = "E";
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (fault.size() == 1)
      fault += diagnostic.str();
    return success();
  });
  OwningOpRef<ModuleOp> module = parse(source, context);
  if (!module)
    return fault;
  std::string text = "M";
  llvm::raw_string_ostream stream(text);
  module->print(stream, OpPrintingFlags().enableDebugInfo(true, /*prettyForm=*/false));
  return text;
}

/// MLIR's reader of bytecode asserts, aborts and writes where it must not: it
/// reads in a child, and what comes back of it is text.
static OwningOpRef<ModuleOp> parseBytecode(const json::Source &source, MLIRContext *context) {
  constexpr size_t mostBytes = 256 << 20;
  auto text = resultOf([&] { return textOf(source, context); }, mostBytes);
  if (!text || text->size() < 2)
    return refuse(source, context, "cannot be read: the reader crashed or did not come to an end"),
           nullptr;
  if (text->front() == 'E')
    return refuse(source, context, StringRef(*text).drop_front()), nullptr;
  return parse(json::Source(std::string(source.name()), text->substr(1)), context);
}

/// The reader of text aborts on few things; they are tried first.
static OwningOpRef<ModuleOp> parseText(const json::Source &source, MLIRContext *context) {
  if (!survives([&] { parse(source, context); }))
    return refuse(source, context, "cannot be read: the reader crashed or did not come to an end"),
           nullptr;
  return parse(source, context);
}

OwningOpRef<ModuleOp> tez::blueprint::readMlir(const json::Source &source, FormContext &context) {
  if (!checkText(source, context.mlir))
    return {};
  bool isBytecode = StringRef(source.text()).starts_with(kBytecodeMagic);
  OwningOpRef<ModuleOp> module =
      isBytecode ? parseBytecode(source, context.mlir) : parseText(source, context.mlir);
  if (!module || failed(checkContents(*module)))
    return {};
  auto kernel = *module->getOps<esper::KernelOp>().begin();
  if (failed(checkBody(kernel, context.limits)) || failed(complete(kernel)))
    return {};
  return module;
}
