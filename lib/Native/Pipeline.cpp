//===- Pipeline.cpp - The order of the native passes ----------------------===//

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "tez/Conversion/Passes.h"
#include "tez/Native/Passes.h"

using namespace mlir;
using namespace tez;

void native::registerDialects(DialectRegistry &registry) {
  registry
      .insert<native::NativeDialect, func::FuncDialect, linalg::LinalgDialect, arith::ArithDialect,
              tensor::TensorDialect, memref::MemRefDialect, bufferization::BufferizationDialect,
              math::MathDialect, scf::SCFDialect, vector::VectorDialect, LLVM::LLVMDialect>();
  registerBufferizableOps(registry);
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerSubsetOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
}

/// Tensors to memory. The results are written where the caller wants them.
static void addBufferization(OpPassManager &passes) {
  passes.addPass(bufferization::createEmptyTensorEliminationPass());
  passes.addPass(bufferization::createOneShotBufferizePass());
  passes.addPass(createCanonicalizerPass());
}

/// Loops of vectors to the llvm dialect.
static void addLowering(OpPassManager &passes) {
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
}

void native::buildConversion(OpPassManager &passes, bool wideRows) {
  passes.addPass(createPinSizes());
  passes.addPass(createEsperToLinalg({wideRows}));
}

void native::buildLowering(OpPassManager &passes, StringRef cpu, bool checkBounds,
                           ArrayRef<std::string> schedules) {
  passes.addNestedPass<func::FuncOp>(createFormProducts());
  passes.addNestedPass<func::FuncOp>(createFuseConvolutions());
  passes.addNestedPass<func::FuncOp>(
      createScheduleProducts({cpu.str(), llvm::to_vector<4>(schedules)}));
  passes.addNestedPass<func::FuncOp>(createScheduleConvolutions({cpu.str()}));
  addBufferization(passes);
  passes.addNestedPass<func::FuncOp>(createLowerProducts({cpu.str()}));
  passes.addNestedPass<func::FuncOp>(createLowerConvolutions());
  passes.addNestedPass<func::FuncOp>(createLowerWinograd({cpu.str()}));
  passes.addNestedPass<func::FuncOp>(createLowerPools());
  passes.addNestedPass<func::FuncOp>(createLowerTransposes());
  passes.addNestedPass<func::FuncOp>(createLowerColumns());
  passes.addNestedPass<func::FuncOp>(createLowerElementwise());
  passes.addNestedPass<func::FuncOp>(createLowerRows());
  passes.addNestedPass<func::FuncOp>(createLowerAttention({cpu.str()}));
  passes.addNestedPass<func::FuncOp>(createPlanMemory());
  passes.addNestedPass<func::FuncOp>(createApproximateMath());
  passes.addNestedPass<func::FuncOp>(createExpandBFloat16());
  if (checkBounds)
    passes.addNestedPass<func::FuncOp>(createCheckBounds());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createNativeEntry());
  addLowering(passes);
}

namespace {
struct Options : PassPipelineOptions<Options> {
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("the target"), llvm::cl::init("x86-64-v3")};
  Option<bool> wideRows{*this, "wide-rows", llvm::cl::desc("values of bf16 stay f32"),
                        llvm::cl::init(false)};
  Option<bool> checkBounds{*this, "check-bounds", llvm::cl::desc("the twin that checks accesses"),
                           llvm::cl::init(false)};
};
} // namespace

void native::registerPipeline() {
  PassPipelineRegistration<Options>("tez-native",
                                    "esper, optimised for inference, to the llvm dialect",
                                    [](OpPassManager &passes, const Options &options) {
                                      buildConversion(passes, options.wideRows);
                                      buildLowering(passes, options.cpu, options.checkBounds);
                                    });
}
