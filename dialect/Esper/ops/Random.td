//===- Random.td - Ops that draw random numbers -------------*- tablegen -*-===//

#ifndef ESPER_OPS_RANDOM
#define ESPER_OPS_RANDOM

include "Esper/EsperBase.td"

def Esper_DropoutOp : Esper_MathOp<"dropout", [Esper_DrawsRandom, LeadingAgnostic,
                                               DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "in training, zeroes at random and scales the rest";
  let description = [{
    `element` drops elements, `feature` whole channels (of an input (batch,
    channels, ...)); both scale what remains by 1 / (1 - p). The `alpha` kinds
    keep mean and variance of a selu network. The feature kinds are
    LeadingAgnostic only in that a dropped channel is always dimension 1.

    Constraints:
    - (C1) `p` is in [0, 1].
    - (C2) the feature kinds take an input of rank >= 2.

    Example:
    ```mlir
    %y = esper.dropout element(1.000000e-01) %x, %t : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I1:$training, F64Attr:$p,
                       Esper_DropoutKindAttr:$kind);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = "$kind `(` $p `)` $input `,` $training attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Esper_NoiseOp : Esper_MathOp<"noise", [Esper_DrawsRandom, LeadingAgnostic]> {
  let summary = "adds gaussian noise";
  let description = [{
    `input + std * n` with `n` standard normal; with `training_only` the input
    itself outside of training.

    Constraints:
    - (C1) `std` is a number >= 0.

    Example:
    ```mlir
    %y = esper.noise(1.000000e-01) %x, %t {training_only = true} : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I1:$training, F64Attr:$std,
                       BoolAttr:$training_only);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = "`(` $std `)` $input `,` $training attr-dict `:` type($input)";
  let flops = "2.0 * countElements(getOutput().getType())";
  let hasFolder = 1;
}

def Esper_RReluOp : Esper_AtenOp<"rrelu", "aten::rrelu", [Esper_DrawsRandom, LeadingAgnostic]> {
  let summary = "leaky relu whose slopes are drawn in training";
  let description = [{
    In training `input * a` where `input <= 0`, with an `a` between `lower` and
    `upper` for each such element, drawn row by row: how many are drawn hangs
    on the input. Otherwise `a` is the middle of the two.

    Constraints:
    - (C1) `lower` and `upper` are finite and `lower` <= `upper`.

    Example:
    ```mlir
    %y = esper.rrelu(1.250000e-01, 2.500000e-01) %x, %t : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I1:$training, F64Attr:$lower, F64Attr:$upper);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = "`(` $lower `,` $upper `)` $input `,` $training attr-dict `:` type($input)";
  let atenArgs = "getInput(), getLower(), getUpper(), getTraining(), AtenNone()";
  let hasCanonicalizeMethod = 1;
  let extraClassDeclaration = [{
    /// The slope outside of training.
    double getMiddle() {
      return (getLower().convertToDouble() + getUpper().convertToDouble()) / 2;
    }
  }];
}

#endif // ESPER_OPS_RANDOM
