//===- Passes.td - Conversions between dialects -------------*- tablegen -*-===//

#ifndef TEZ_CONVERSION_PASSES
#define TEZ_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def EsperToTorchScript : Pass<"esper-to-torchscript", "::mlir::ModuleOp"> {
  let summary = "turn every kernel into a TorchScript module";
  let description = [{
    Replaces each `esper.kernel` by a `ts.module`. An op that states its ATen
    call becomes that call; buffer updates become in-place operators on
    detached values. Composites must have been decomposed.

    (* example test/Conversion/EsperToTorchScript/esper-to-torchscript.mlir *)
  }];
  let statistics = [Statistic<"numCalls", "num-calls", "operator calls emitted">];
  let dependentDialects = ["::tez::ts::TsDialect"];
}

def EsperToLinalg : Pass<"esper-to-linalg", "::mlir::ModuleOp"> {
  let summary = "turn every kernel that works row by row into a function of linalg ops";
  let description = [{
    Replaces each `esper.kernel` by a `func.func` of its name. Arguments are the
    inputs, the weights it reads and the outputs, in memory, each marked with what it
    is (see the native dialect). All values are [rows, columns]: leading dimensions are
    one. In a kernel of images (see esper-pin-sizes) a row is an image, its channels last; inputs and outputs
    stay as torch has them.

    A kernel with an op that has no lowering stays as it is, with a remark at
    that op.

    With `wide-rows` values of bf16 are kept in f32, unrounded, and only weights are bf16: for processors whose products are in
    f32 all the same.

    (* example test/Conversion/EsperToLinalg/esper-to-linalg.mlir *)
  }];
  let options = [Option<"wideRows", "wide-rows", "bool", /*default=*/"false", "values of bf16 stay f32">];
  let statistics = [Statistic<"numKernels", "num-kernels", "kernels converted">];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::bufferization::BufferizationDialect", "::tez::native::NativeDialect"];
}

def PinSizes : Pass<"esper-pin-sizes", "::mlir::ModuleOp"> {
  let summary = "give the images of a kernel the one size that machine code is made for";
  let description = [{
    A kernel with 2-D convolutions or pools is marked `esper.images`, and all its images get one size: where
    the types leave height and width open, that of the blueprint (`esper.declared_shape`). A kernel
    without a size stays as it is.

    (* example test/Conversion/EsperToLinalg/esper-pin-sizes.mlir *)
  }];
  let statistics = [Statistic<"numPinned", "num-pinned", "kernels whose images have one size">];
}

#endif // TEZ_CONVERSION_PASSES
