//===- Passes.td - Passes from esper to esper ---------------*- tablegen -*-===//

#ifndef TEZ_TRANSFORMS_PASSES
#define TEZ_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Simplify
//===----------------------------------------------------------------------===//

def DecomposeComposites : Pass<"esper-decompose-composites", "::tez::esper::KernelOp"> {
  let summary = "replace every composite by the primitives that define it";
  let description = [{
    Applies `decompose` of CompositeOpInterface until no composite is left: an
    expansion may hold further composites. The primitives keep the location of
    the op they replace. With `keep-calls`, composites that one ATen call
    computes are left for it.

    (* example test/Transforms/Simplify/decompose-composites.mlir *)
  }];
  let options = [Option<"keepCalls", "keep-calls", "bool", "false",
                        "leave composites that are one ATen call">];
  let statistics = [Statistic<"numComposites", "num-composites", "composites replaced">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def SimplifyAlgebra : Pass<"esper-simplify-algebra", "::tez::esper::KernelOp"> {
  let summary = "drop negations and absolute values that change nothing";
  let description = [{
    Applies the identities of lib/Transforms/Simplify/Algebra.td, rules in DRR that
    give the same bits: negations of negations and absolute values of absolute
    values go, `x + (-y)` becomes `x - y`, squares, scales, products and quotients
    take no negation that they cancel or absorb. While training, gradients keep
    their bits too: left alone is what something else reads as well, what is
    negated before it is broadcast, and negations before an absolute value and
    absolute values before a square, whose gradient is zero with another sign.

    (* example test/Transforms/Simplify/simplify-algebra.mlir *)
  }];
  let statistics = [Statistic<"numApplied", "num-applied", "identities applied">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def CancelShapes : Pass<"esper-cancel-shapes", "::tez::esper::KernelOp"> {
  let summary = "compose permutations and move transposes to where they cancel";
  let description = [{
    Permutations of permutations become one, and none where they cancel. A
    transpose of leading dimensions moves up through linears and through the
    flattening of the last two dimensions when a permutation waits there. In
    training that would change the order in memory, and with it the order in
    which a dropout behind it draws: for inference only.

    (* example test/Transforms/Simplify/cancel-shapes.mlir *)
  }];
  let statistics = [Statistic<"numRewritten", "num-rewritten", "ops composed or moved">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def MergeLinears : Pass<"esper-merge-linears", "::tez::esper::KernelOp"> {
  let summary = "one product for the linears that read one value";
  let description = [{
    Linears of the same input (query, key and value; gate and up) become one
    linear of their concatenated weights and biases, and a split of its result.
    Left alone are linears whose weights are computed or inputs, and those of
    which only some have a bias. The parameters get another use: for inference
    only, where esper-freeze-state computes the concatenation once. With
    `heads-only`, linears of which something else than a split into heads reads
    the result stay: on a CPU, element-wise ops lose more on the strided parts
    than one product gains.

    (* example test/Transforms/Simplify/merge-linears.mlir *)
  }];
  let options = [Option<"headsOnly", "heads-only", "bool", "false",
                        "merge only what is split into heads">];
  let statistics = [Statistic<"numMerged", "num-merged", "linears merged">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def PoolBeforeActivation : Pass<"esper-pool-before-activation", "::tez::esper::KernelOp"> {
  let summary = "pool first, then apply the monotone function";
  let description = [{
    The maximum of a monotone function's values is the function of the maximum,
    to the last bit where the function is made of comparisons (relu, relu6,
    hardtanh, leaky_relu with a slope >= 0): the pool goes first and the function
    has fewer elements. Left alone are other functions, and those read elsewhere.
    In training the gradient would choose another of equal elements.

    (* example test/Transforms/Simplify/pool-before-activation.mlir *)
  }];
  let statistics = [Statistic<"numMoved", "num-moved", "pools moved">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

//===----------------------------------------------------------------------===//
// Specialize
//===----------------------------------------------------------------------===//

def SpecializeInfer : Pass<"esper-specialize-infer", "::tez::esper::KernelOp"> {
  let summary = "fix every submodule's mode to evaluation";
  let description = [{
    Replaces each `esper.training` by `esper.flag false` and lets folders and
    canonicalizations run: dropout, noise, increments and running statistics
    disappear. Updates that give a buffer its own value are dropped; one that
    does change its buffer stays. Clips of gradients are dropped. The kernel gets the attribute `esper.infer`.

    (* example test/Transforms/Specialize/specialize-infer.mlir *)
  }];
  let statistics = [Statistic<"numModes", "num-modes", "submodule modes fixed">,
                    Statistic<"numClips", "num-clips", "clips of gradients dropped">,
                    Statistic<"numUpdates", "num-updates", "buffer updates dropped">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def FoldAffine : Pass<"esper-fold-affine", "::tez::esper::KernelOp"> {
  let summary = "fold scales and shifts into the weights they follow";
  let description = [{
    A product with a number, and a product or sum with a constant of one element
    a channel, become part of the weight and bias of the linear, convolution or
    layer norm whose result they alone read, or of the linear that alone reads
    them. The new weights are computed by
    ops on the parameters, which esper-freeze-state evaluates once.

    (* example test/Transforms/Specialize/fold-affine.mlir *)
  }];
  let statistics = [Statistic<"numFolded", "num-folded", "scales and shifts folded">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def FoldBatchNorm : Pass<"esper-fold-batch-norm", "::tez::esper::KernelOp"> {
  let summary = "fold batch norms with fixed statistics into what feeds them";
  let description = [{
    A batch norm in evaluation mode is a scale and a shift of each channel: they
    become part of the weight and bias of the convolution or linear whose result
    it alone reads. One in training mode, without running statistics, or behind
    anything else stays.

    (* example test/Transforms/Specialize/fold-batch-norm.mlir *)
  }];
  let statistics = [Statistic<"numFolded", "num-folded", "batch norms folded">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def FreezeState : Pass<"esper-freeze-state", "::mlir::ModuleOp"> {
  let summary = "compute once what depends on parameters alone";
  let description = [{
    In kernels for inference, what pure ops compute from parameters and buffers
    alone is outlined into a kernel of the same name in a module @derived
    (include/tez/Transforms/DerivedState.h) and becomes a buffer `folded.N`; who
    emits the file evaluates it in fp64 and rounds once. State that nothing reads
    is dropped. Kernels without `esper.infer` are left alone.

    (* example test/Transforms/Specialize/freeze-state.mlir *)
  }];
  let statistics = [Statistic<"numFrozen", "num-frozen", "values that became buffers">,
                    Statistic<"numDropped", "num-dropped", "unused parameters and buffers dropped">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

def FuseAttention : Pass<"esper-fuse-attention", "::tez::esper::KernelOp"> {
  let summary = "softmax between two products as one attention op";
  let description = [{
    `softmax(scale * q k^T) v`, with or without a causal mask, becomes
    `esper.sdpa`, which keeps no scores in memory. Left alone where the scores or
    the softmax are read elsewhere (returned attention weights), where something
    stands between (dropout, other masks), and where the operands broadcast.

    (* example test/Transforms/Fusion/fuse-attention.mlir *)
  }];
  let statistics = [Statistic<"numFused", "num-fused", "attentions fused">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def FuseConvolution : Pass<"esper-fuse-convolution", "::tez::esper::KernelOp"> {
  let summary = "a convolution, a sum and a relu as one call of cuDNN";
  let description = [{
    Marks a relu of a convolution, or of the sum of a convolution and a value of
    its shape, with the operator that computes them together: `esper.fused =
    "cudnn_convolution_relu"` or `"cudnn_convolution_add_relu"`. It is emitted as
    one call; what is computed is the same. A max pool that stands in between goes
    behind the relu. Left alone are convolutions for which cuDNN may lack a kernel
    (over one dimension, in groups, in f64, over three dimensions in 16 bits, with
    channels that do not fill 16 bytes) or whose weights are inputs, what is read
    elsewhere, and sums that may broadcast. For CUDA only; kernels without
    `esper.infer` are left alone, since the operators have no gradient.

    (* example test/Transforms/Fusion/fuse-convolution.mlir *)
  }];
  let statistics = [Statistic<"numFused", "num-fused", "convolutions fused">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

def ChooseLayout : Pass<"esper-choose-layout", "::tez::esper::KernelOp"> {
  let summary = "channels-last images where that pays over the whole kernel";
  let description = [{
    One decision for a kernel: convolutions gain in proportion to the channels
    they read and write; every conversion, where images enter and where they
    leave, costs its channels. Where the gain is larger, images are converted at
    the entries, the weights of convolutions are stored channels-last, and results
    are converted back. Kernels without convolutions are left alone, and those
    without `esper.infer`: torch 2.15 on a CPU writes past its memory where it
    differentiates a strided 1x1 convolution of channels-last images.

    (* example test/Transforms/Layout/choose-layout.mlir *)
  }];
  let statistics = [Statistic<"numChosen", "num-chosen", "kernels made channels-last">,
                    Statistic<"numConversions", "num-conversions", "conversions inserted">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def ReuseBuffers : Pass<"esper-reuse-buffers", "::tez::esper::KernelOp"> {
  let summary = "write results into operands that nobody else reads";
  let description = [{
    Marks element-wise ops `esper.in_place` when an operand is memory of its own
    that they alone read and has the result's shape in every call; they are
    emitted as ATen's in-place form. Kernels without `esper.infer` are left alone:
    backward reads the operands.

    (* example test/Transforms/Layout/reuse-buffers.mlir *)
  }];
  let statistics = [Statistic<"numReused", "num-reused", "ops made in place">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def TransposeWeights : Pass<"esper-transpose-weights", "::tez::esper::KernelOp"> {
  let summary = "products of row-major factors instead of linears";
  let description = [{
    A linear with a constant weight of at most `most-elements` becomes a product
    with the weight's transpose, which esper-freeze-state computes once, and a
    sum with the bias. Left alone are larger weights and those that are inputs.

    (* example test/Transforms/Layout/transpose-weights.mlir *)
  }];
  let options = [Option<"mostElements", "most-elements", "int64_t", "1 << 18",
                        "largest weight that gains from it">];
  let statistics = [Statistic<"numTransposed", "num-transposed", "linears rewritten">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

//===----------------------------------------------------------------------===//
// Precision
//===----------------------------------------------------------------------===//

def ConvertPrecision : Pass<"esper-convert-precision", "::tez::esper::KernelOp"> {
  let summary = "products in bf16 or f16, islands of fp32 around them";
  let description = [{
    Linears, matrix products, convolutions and attention read and write `to`; what
    goes element by element takes the type of what it reads; norms, softmax, other
    reductions and functions of wide range stay in fp32. Inputs and results of the
    kernel keep their types. Parameters are converted once, by esper-freeze-state.
    Kernels without `esper.infer` are left alone: a host trains them under autocast.

    (* example test/Transforms/Precision/convert-precision.mlir *)
  }];
  let options = [Option<"to", "to", "std::string", "\"bf16\"", "bf16 or f16">];
  let statistics = [Statistic<"numNarrow", "num-narrow", "products in the narrow type">,
                    Statistic<"numCasts", "num-casts", "conversions inserted">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

def QuantizeWeights : Pass<"esper-quantize-weights", "::tez::esper::KernelOp"> {
  let summary = "products of 8-bit numbers";
  let description = [{
    A linear with a constant weight of at least `least-elements` is multiplied in 8
    bits, and a convolution of images (an eighth of that) where the ranges of its
    input and result were measured; a relu behind it goes along. With ranges (attributes that
    include/tez/Transforms/Quantization.h sets) the input is rounded to a fixed
    grid, without them to one that every call makes. Left alone is what carries
    `esper.keep_float`. Kernels without `esper.infer` are left alone.

    (* example test/Transforms/Precision/quantize-weights.mlir *)
  }];
  let options = [Option<"leastElements", "least-elements", "int64_t", "1 << 14",
                        "smallest weight that gains from it">];
  let statistics = [Statistic<"numQuantized", "num-quantized", "products in 8 bits">];
  let dependentDialects = ["::tez::esper::EsperDialect"];
}

#endif // TEZ_TRANSFORMS_PASSES
