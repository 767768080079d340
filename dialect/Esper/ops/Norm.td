//===- Norm.td - Normalisations -----------------------------*- tablegen -*-===//

#ifndef ESPER_OPS_NORM
#define ESPER_OPS_NORM

include "Esper/EsperBase.td"

// A normalisation reads its input for the mean and for the variance and
// applies mean, deviation, weight and bias.
defvar Esper_NormFlops = "8.0 * countElements(getOutput().getType())";

// Statistics of a channel from the batch, or running ones. `mode` is torch's
// name of the flag that chooses the batch; `counted` is the format of an
// operand that only one of the ops has.
class Esper_StatisticsOp<string mnemonic, string mode, string counted = "">
    : Esper_AtenOp<mnemonic, "aten::" # mnemonic,
                   [Pure, AttrSizedOperandSegments, SameVariadicResultSize]> {
  let results = (outs Esper_FloatTensor:$output, Optional<Esper_FloatTensor>:$new_mean,
                      Optional<Esper_FloatTensor>:$new_var);
  let assemblyFormat = [{
    $input (`weight` `(` $weight^ `)`)? (`bias` `(` $bias^ `)`)?
    (`running` `(` $running_mean^ `,` $running_var `)`)? }] # counted # [{`}] # mode # [{` `(` $}] # mode # [{ `)`
    attr-dict `:` functional-type(operands, results)
  }];
  let flops = Esper_NormFlops;
  let hasCanonicalizeMethod = 1;
}

def Esper_BatchNormOp
    : Esper_StatisticsOp<"batch_norm", "training", "(`count` `(` $count^ `)`)? "> {
  let summary = "normalisation of each channel over batch and spatial dimensions";
  let description = [{
    `input` is (batch, channels, ...). In training the statistics are those of
    the batch and the running ones move towards them by `momentum` (`new_mean`,
    `new_var`, the latter with the unbiased variance); otherwise the running
    ones are used and stay. Without running statistics those of the batch are
    used in both modes. With `count`, the number of batches before this one, the
    running statistics are the mean of all batches: `momentum` is then
    1 / (count + 1), whatever the attribute says.

    Constraints:
    - (C1) `input` has rank >= 2.
    - (C2) `weight`, `bias`, `running_mean` and `running_var`, where present, have dimension 1 of `input` as their only dimension.
    - (C3) `running_mean` and `running_var` are both present or both absent.
    - (C4) `eps` is a number >= 0 and `momentum` is finite.
    - (C5) `count`, if present, is a single integer, and there are running statistics.

    Example:
    ```mlir
    %y, %new_mean, %new_var = esper.batch_norm %x weight(%w) bias(%b) running(%m, %v) training(%t)
        {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
        : (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, i1)
        -> (tensor<?x8x?x?xf32>, tensor<8xf32>, tensor<8xf32>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$weight,
                       Optional<Esper_FloatTensor>:$bias, Optional<Esper_FloatTensor>:$running_mean,
                       Optional<Esper_FloatTensor>:$running_var, I1:$training,
                       Optional<Esper_IndexTensor>:$count, // last: older bytecode has none
                       F64Attr:$momentum, F64Attr:$eps);
  let atenArgs = "getInput(), getWeight(), getBias(), getRunningMean(), getRunningVar(), getRunningMean() ? AtenArg(getTraining()) : AtenArg(true), getMomentum(), getEps(), true";
}

def Esper_InstanceNormOp : Esper_StatisticsOp<"instance_norm", "use_input_stats"> {
  let summary = "normalisation of each channel of each sample over the spatial dimensions";
  let description = [{
    `input` is (batch, channels, spatial...). With `use_input_stats` the
    statistics are those of each sample, and the running ones move towards
    their means over the batch by `momentum`; otherwise the running ones are
    used and stay. Without running statistics those of the input are always used.

    Constraints:
    - (C1) `input` has rank >= 3.
    - (C2) `weight`, `bias`, `running_mean` and `running_var`, where present, have dimension 1 of `input` as their only dimension.
    - (C3) `running_mean` and `running_var` are both present or both absent.
    - (C4) `eps` is a number >= 0 and `momentum` is finite.

    Example:
    ```mlir
    %y = esper.instance_norm %x weight(%w) bias(%b) use_input_stats(%t)
        {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
        : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> tensor<?x8x?xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$weight,
                       Optional<Esper_FloatTensor>:$bias, Optional<Esper_FloatTensor>:$running_mean,
                       Optional<Esper_FloatTensor>:$running_var, I1:$use_input_stats,
                       F64Attr:$momentum, F64Attr:$eps);
  let atenArgs = "getInput(), getWeight(), getBias(), getRunningMean(), getRunningVar(), getRunningMean() ? AtenArg(getUseInputStats()) : AtenArg(true), getMomentum(), getEps(), true";
}

defvar Esper_AffineNormFormat = [{
  $input (`weight` `(` $weight^ `)`)? (`bias` `(` $bias^ `)`)?
  attr-dict `:` functional-type(operands, results)
}];

def Esper_LayerNormOp : Esper_AtenOp<"layer_norm", "aten::layer_norm",
                                     [Pure, LeadingAgnostic, AttrSizedOperandSegments]> {
  let summary = "normalisation over the last dimensions";
  let description = [{
    Constraints:
    - (C1) `normalized_shape` has at least one entry, none of them negative.
    - (C2) the last dimensions of `input` are `normalized_shape`.
    - (C3) `weight` and `bias`, where present, have the shape `normalized_shape`.
    - (C4) `eps` is a number >= 0.

    Example:
    ```mlir
    %y = esper.layer_norm %x weight(%w) bias(%b)
        {normalized_shape = array<i64: 64>, eps = 1.000000e-05 : f64}
        : (tensor<?x?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x?x64xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$weight,
                       Optional<Esper_FloatTensor>:$bias, DenseI64ArrayAttr:$normalized_shape,
                       F64Attr:$eps);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_AffineNormFormat;
  let atenArgs = "getInput(), getNormalizedShape(), getWeight(), getBias(), getEps(), true";
  let flops = Esper_NormFlops;
}

def Esper_GroupNormOp : Esper_AtenOp<"group_norm", "aten::group_norm",
                                     [Pure, AttrSizedOperandSegments]> {
  let summary = "normalisation over groups of channels of each sample";
  let description = [{
    Constraints:
    - (C1) `input` has rank >= 2.
    - (C2) `num_groups` >= 1 divides dimension 1 of `input`, which is not 0.
    - (C3) `weight` and `bias`, where present, have dimension 1 of `input` as their only dimension.
    - (C4) `eps` is a number >= 0.

    Example:
    ```mlir
    %y = esper.group_norm %x weight(%w) bias(%b) {num_groups = 4 : i64, eps = 1.000000e-05 : f64}
        : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$weight,
                       Optional<Esper_FloatTensor>:$bias, I64Attr:$num_groups, F64Attr:$eps);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_AffineNormFormat;
  let atenArgs = "getInput(), int64_t(getNumGroups()), getWeight(), getBias(), getEps(), true";
  let flops = Esper_NormFlops;
}

def Esper_RmsNormOp : Esper_AtenOp<"rms_norm", "aten::rms_norm", [Pure, LeadingAgnostic]> {
  let summary = "division by the root of the mean square over the last dimensions";
  let description = [{
    Without `eps`, it is the machine epsilon of the element type.

    Constraints:
    - (C1) `normalized_shape` has at least one entry, none of them negative.
    - (C2) the last dimensions of `input` are `normalized_shape`.
    - (C3) `weight`, if present, has the shape `normalized_shape`.
    - (C4) `eps`, if present, is a number >= 0.

    Example:
    ```mlir
    %y = esper.rms_norm %x weight(%w) {normalized_shape = array<i64: 64>}
        : (tensor<?x?x64xf32>, tensor<64xf32>) -> tensor<?x?x64xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$weight,
                       DenseI64ArrayAttr:$normalized_shape, OptionalAttr<F64Attr>:$eps);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = [{
    $input (`weight` `(` $weight^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let atenArgs = "getInput(), getNormalizedShape(), getWeight(), getEps()";
  let flops = "5.0 * countElements(getOutput().getType())";
}

def Esper_LocalResponseNormOp : Esper_MathOp<"local_response_norm",
    [Pure, DeclareOpInterfaceMethods<CompositeOpInterface>]> {
  let summary = "division by a power of the mean square over neighbouring channels";
  let description = [{
    `input / (k + alpha * mean(input^2 over `size` channels))^beta`, where
    channels outside of the input count as zeros. The window of channel c
    starts at c - size / 2.

    Constraints:
    - (C1) `input` has rank 3, 4 or 5.
    - (C2) `size` >= 1.
    - (C3) `alpha`, `beta` and `k` are finite.

    Example:
    ```mlir
    %y = esper.local_response_norm %x
        {size = 5 : i64, alpha = 1.000000e-04 : f64, beta = 7.500000e-01 : f64, k = 1.000000e+00 : f64}
        : (tensor<?x16x?x?xf32>) -> tensor<?x16x?x?xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I64Attr:$size, F64Attr:$alpha, F64Attr:$beta,
                       F64Attr:$k);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "(double(getSize()) + 5.0) * countElements(getOutput().getType())";
}

#endif // ESPER_OPS_NORM
