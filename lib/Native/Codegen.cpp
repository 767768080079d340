//===- Codegen.cpp - LLVM ------------------------------------------------===//

#include "Codegen.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

using namespace llvm;
using namespace tez;

static void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
  });
}

static Expected<std::unique_ptr<TargetMachine>> makeMachine(const native::Target &target,
                                                            bool fast) {
  initializeTargets();
  Triple triple(target.triple);
  std::string message;
  const llvm::Target *found = TargetRegistry::lookupTarget(triple, message);
  if (!found)
    return createStringError(message);
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Standard; // multiply-adds are written as such
  std::unique_ptr<TargetMachine> machine(found->createTargetMachine(
      triple, triple.isX86() ? target.baseLevel() : "generic", target.features(), options,
      Reloc::PIC_, CodeModel::Small, fast ? CodeGenOptLevel::Default : CodeGenOptLevel::None));
  if (!machine)
    return createStringError("LLVM has no code generator for " + target.triple);
  return machine;
}

static std::unique_ptr<Module> translate(mlir::ModuleOp module, LLVMContext &context) {
  mlir::registerBuiltinDialectTranslation(*module->getContext());
  mlir::registerLLVMDialectTranslation(*module->getContext());
  return mlir::translateModuleToLLVMIR(module, context, "kernel");
}

/// Loops that copy or clear must not become calls of a library. The processor decides on the order
/// of instructions; what instructions there are is its level's.
static void addAttributes(Module &module, const native::Target &target) {
  for (Function &function : module) {
    function.addFnAttr("no-builtins");
    function.addFnAttr(Attribute::NoUnwind);
    if (target.name != target.level)
      function.addFnAttr("tune-cpu", target.name);
  }
}

/// What of -O2 does something for loops of vectors that MLIR has cleaned up already: the same speed
/// in a third of the time. In a pipeline of text instcombine ends the process where its one turn
/// left something to do, unless it is told not to look.
static constexpr StringLiteral cleanUp =
    "function(early-cse,instcombine<no-verify-fixpoint>,loop-mssa(loop-rotate,licm),"
    "instcombine<no-verify-fixpoint>,simplifycfg,loop-unroll<O2>,"
    "instcombine<no-verify-fixpoint>,simplifycfg)";

static void optimize(Module &module, TargetMachine &machine) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager calls;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  ModulePassManager passes;
  cantFail(builder.parsePassPipeline(passes, cleanUp));
  passes.run(module, modules);
}

Expected<std::string> native::makeObject(mlir::ModuleOp module, const Target &target, bool fast,
                                         mlir::TimingScope &time) {
  mlir::TimingScope translation = time.nest("translate to LLVM IR");
  Expected<std::unique_ptr<TargetMachine>> machine = makeMachine(target, fast);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  std::unique_ptr<Module> code = translate(module, context);
  if (!code)
    return createStringError("the llvm dialect does not translate to LLVM IR");
  code->setTargetTriple(Triple(target.triple));
  code->setDataLayout((*machine)->createDataLayout());
  addAttributes(*code, target);
  translation.stop();
  mlir::TimingScope optimization = time.nest("optimize LLVM IR");
  if (fast)
    optimize(*code, **machine);
  optimization.stop();
  mlir::TimingScope selection = time.nest("select instructions");
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  legacy::PassManager emission;
  if ((*machine)->addPassesToEmitFile(emission, stream, nullptr, CodeGenFileType::ObjectFile))
    return createStringError("LLVM cannot write objects for " + target.triple);
  emission.run(*code);
  return std::string(bytes.data(), bytes.size());
}
