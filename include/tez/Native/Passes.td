//===- Passes.td - From linalg to machine code --------------*- tablegen -*-===//

#ifndef TEZ_NATIVE_PASSES
#define TEZ_NATIVE_PASSES

include "mlir/Pass/PassBase.td"

def FormProducts : Pass<"native-form-products", "::mlir::func::FuncOp"> {
  let summary = "matrix products with what is done to their elements, as one loop nest";
  let description = [{
    A contraction over a zero-filled tensor becomes a `native.product`. Element-wise
    ops that are the only reader of a product become its epilogue; two products read by one
    element-wise op become one nest.

    (* example test/Native/native-form-products.mlir *)
  }];
  let statistics = [Statistic<"numProducts", "num-products", "contractions found">,
                    Statistic<"numFused", "num-fused", "element-wise ops that became epilogues">];
  let dependentDialects = ["::tez::native::NativeDialect"];
}

def ScheduleProducts : Pass<"native-schedule-products", "::mlir::func::FuncOp"> {
  let summary = "choose tiles, and pack the weights to their width";
  let description = [{
    Gives every `native.product` the tiles that fill the registers of the target, or those that `schedules`
    has for a product of its sizes (`128x256:6x1+1x4`, include/tez/Native/Schedule.h),
    unless it has a schedule, and replaces its weights by packed ones: the
    function's argument gets the packed type and says so.

    (* example test/Native/native-schedule-products.mlir *)
  }];
  let options = [Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "the target">,
                 ListOption<"schedules", "schedules", "std::string", "schedules that were measured">];
  let statistics = [Statistic<"numPacked", "num-packed", "weights packed">];
  let dependentDialects = ["::tez::native::NativeDialect"];
}

def FuseConvolutions : Pass<"native-fuse-convolutions", "::mlir::func::FuncOp"> {
  let summary = "convolutions with what is done to their elements, as one loop nest";
  let description = [{
    An element-wise op that alone reads a `native.conv` becomes a part of its epilogue; the images
    it reads beside become extras.

    (* example test/Native/native-fuse-convolutions.mlir *)
  }];
  let statistics = [Statistic<"numFused", "num-fused", "element-wise ops that became epilogues">];
  let dependentDialects = ["::tez::native::NativeDialect"];
}

def ScheduleConvolutions : Pass<"native-schedule-convolutions", "::mlir::func::FuncOp"> {
  let summary = "choose the tiles of convolutions, and pack the weights to their width";
  let description = [{
    As native-schedule-products for every `native.conv`: as many pixels as a product's tile has rows. Where panels
    of half the width have less filling, they are taken, with tiles of twice the pixels. Windows of 3x3 are computed by
    minimal filtering (`winograd`) where channels, outputs and places are enough.

    (* example test/Native/native-schedule-convolutions.mlir *)
  }];
  let options = [Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "the target">];
  let statistics = [Statistic<"numPacked", "num-packed", "weights packed">];
  let dependentDialects = ["::tez::native::NativeDialect"];
}

def PlanMemory : Pass<"native-plan-memory", "::mlir::func::FuncOp"> {
  let summary = "all temporaries in one piece of scratch memory";
  let description = [{
    Temporaries of a function become views of one argument, `native.scratch`;
    those that do not live at the same time share their place. The attribute
    `native.scratch_columns` of the function says how many numbers of 32 bits a row it takes, and
    `native.scratch_numbers` how many beside, for temporaries of a fixed size.

    (* example test/Native/native-plan-memory.mlir *)
  }];
  let statistics = [Statistic<"numTemporaries", "num-temporaries", "temporaries">,
                    Statistic<"numPlaces", "num-places", "places they share">];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

def LowerProducts : Pass<"native-lower-products", "::mlir::func::FuncOp"> {
  let summary = "native.product as loops over tiles of vectors";
  let description = [{
    Columns go by panels in the outer loop, rows by tiles in the inner one, so that a
    panel of weights stays in the nearest cache; rows that are left take the smaller
    tiles. A tile's sums are vectors that the loop over k carries. Groups of bf16 and i8 are added up by the
    dot-product instructions of the target, or widened where it has none.

    (* example test/Native/native-lower-products.mlir *)
  }];
  let options = [Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "the target">];
  let statistics = [Statistic<"numProducts", "num-products", "products lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def ExpandBFloat16 : Pass<"native-expand-bfloat16", "::mlir::func::FuncOp"> {
  let summary = "conversions of bf16 as integer arithmetic";
  let description = [{
    What LLVM makes a call of a library of on processors without bf16, and the same bits on those with it.

    (* example test/Native/native-expand-bfloat16.mlir *)
  }];
  let statistics = [Statistic<"numOps", "num-ops", "conversions written out">];
  let dependentDialects = ["::mlir::vector::VectorDialect", "::mlir::arith::ArithDialect"];
}

def LowerElementwise : Pass<"native-lower-elementwise", "::mlir::func::FuncOp"> {
  let summary = "what is left of element-wise linalg ops as loops of vectors";
  let description = [{
    (* example test/Native/native-lower-elementwise.mlir *)
  }];
  let options = [Option<"lanes", "lanes", "int64_t", /*default=*/"16", "numbers in a vector">];
  let statistics = [Statistic<"numOps", "num-ops", "ops lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect"];
}

def LowerRows : Pass<"native-lower-rows", "::mlir::func::FuncOp"> {
  let summary = "native.row_norm, row_softmax and row_grid as loops of vectors";
  let description = [{
    Row after row, each in two or three passes along its columns. Sums are kept in the lanes
    of one vector and added up in a fixed order; lanes that a row has no numbers for take
    what changes nothing.

    (* example test/Native/native-lower-rows.mlir *)
  }];
  let options = [Option<"lanes", "lanes", "int64_t", /*default=*/"32", "numbers in a vector, a power of two">];
  let statistics = [Statistic<"numOps", "num-ops", "ops lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect"];
}

def LowerAttention : Pass<"native-lower-attention", "::mlir::func::FuncOp"> {
  let summary = "native.attention as loops over blocks of keys";
  let description = [{
    For each sample and head, block by block of the keys: the block is transposed into a
    temporary; then tiles of queries are multiplied with it, by vectors of keys. The largest score and
    the sum of a row so far are kept, and what its result holds already is scaled when they change
    (online softmax); so the scores of one tile and block are all that is in memory.

    (* example test/Native/native-lower-attention.mlir *)
  }];
  let options = [Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "the target">,
                 Option<"block", "block", "int64_t", /*default=*/"128", "keys in a block, a multiple of a vector">];
  let statistics = [Statistic<"numOps", "num-ops", "ops lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect"];
}

def LowerConvolutions : Pass<"native-lower-convolutions", "::mlir::func::FuncOp"> {
  let summary = "native.conv as loops over tiles of vectors";
  let description = [{
    Image after image. One with padding is copied into a temporary with a border of zeros, so that no
    sum asks where it is. Panels go in the outer loop, tiles of pixels in the inner ones; the loops
    of a sum that run through memory as one are one.

    (* example test/Native/native-lower-convolutions.mlir *)
  }];
  let statistics = [Statistic<"numConvolutions", "num-convolutions", "convolutions lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def LowerWinograd : Pass<"native-lower-winograd", "::mlir::func::FuncOp"> {
  let summary = "native.conv by minimal filtering, as loops of vectors";
  let description = [{
    Those with `winograd`: the squares of an image are transformed, multiplied by the 16 matrices of the weight, a panel after
    the other, and made places of the result. Vectors run along channels and outputs.

    (* example test/Native/native-lower-winograd.mlir *)
  }];
  let options = [Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "the target">];
  let statistics = [Statistic<"numConvolutions", "num-convolutions", "convolutions lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def LowerColumns : Pass<"native-lower-columns", "::mlir::func::FuncOp"> {
  let summary = "native.columns as copies of vectors";
  let description = [{
    (* example test/Native/native-lower-columns.mlir *)
  }];
  let options = [Option<"lanes", "lanes", "int64_t", /*default=*/"32", "numbers in a vector">];
  let statistics = [Statistic<"numOps", "num-ops", "ops lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def LowerPools : Pass<"native-lower-pools", "::mlir::func::FuncOp"> {
  let summary = "native.pool as loops of vectors";
  let description = [{
    Vectors run along the channels. What lies outside of the image is left out of the loops over a window.

    (* example test/Native/native-lower-pools.mlir *)
  }];
  let options = [Option<"lanes", "lanes", "int64_t", /*default=*/"32", "numbers in a vector">];
  let statistics = [Statistic<"numOps", "num-ops", "ops lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def LowerTransposes : Pass<"native-lower-transposes", "::mlir::func::FuncOp"> {
  let summary = "native.transpose as shuffles of vectors";
  let description = [{
    (* example test/Native/native-lower-transposes.mlir *)
  }];
  let options = [Option<"lanes", "lanes", "int64_t", /*default=*/"8", "numbers in a vector, a power of two">];
  let statistics = [Statistic<"numOps", "num-ops", "ops lowered">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def ApproximateMath : Pass<"native-approximate-math", "::mlir::func::FuncOp"> {
  let summary = "exp, tanh, erf and log as polynomials";
  let description = [{
    The polynomials of MLIR's math dialect: machine code may not call a library. NaN stays NaN,
    which they do not see to themselves.

    (* example test/Native/native-approximate-math.mlir *)
  }];
  let statistics = [Statistic<"numFunctions", "num-functions", "functions approximated">];
  let dependentDialects = ["::mlir::vector::VectorDialect", "::mlir::arith::ArithDialect"];
}

def CheckBounds : Pass<"native-check-bounds", "::mlir::func::FuncOp"> {
  let summary = "stop the program after an access beyond its memory";
  let description = [{
    At the end of each block, an index of one of its loads and stores that was not within the sizes
    of the memory's type ends the program (`llvm.intr.trap`). For a twin of the code that is run before a
    kernel file is written, in a process of its own: guard pages see what leaves all memory, this also
    sees what leaves one temporary for the next. What is known to be inside is not asked.

    (* example test/Native/native-check-bounds.mlir *)
  }];
  let statistics = [Statistic<"numChecked", "num-checked", "accesses that are checked">,
                    Statistic<"numKnown", "num-known", "accesses that are known to be inside">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::LLVM::LLVMDialect"];
}

def NativeEntry : Pass<"native-entry", "::mlir::ModuleOp"> {
  let summary = "one entry for the loader";
  let description = [{
    Adds `tez_forward(pointers, rows, positions)`: it finds the arguments of the kernel's function,
    dense and row-major, behind one pointer, in their order, and makes that function
    private. `positions`, the rows of a sample, is what an argument `native.positions` is.

    (* example test/Native/native-entry.mlir *)
  }];
  let statistics = [Statistic<"numArguments", "num-arguments", "arguments of the function">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect"];
}

#endif // TEZ_NATIVE_PASSES
