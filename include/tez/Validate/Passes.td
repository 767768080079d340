//===- Passes.td - Validation of emitted kernels ------------*- tablegen -*-===//

#ifndef TEZ_VALIDATE_PASSES
#define TEZ_VALIDATE_PASSES

include "mlir/Pass/PassBase.td"

def KeepReference : Pass<"tez-keep-reference", "::mlir::ModuleOp"> {
  let summary = "keep a copy of every kernel for validation";
  let description = [{
    Copies each `esper.kernel` into `module @reference`, where later passes that
    are nested on kernels do not see it. Run it before any other pass:
    validation compares the emitted file with this copy.

    (* example test/Validate/keep-reference.mlir *)
  }];
  let statistics = [Statistic<"numKernels", "num-kernels", "kernels kept">];
}

def ValidateOutputs : Pass<"tez-validate-outputs", "::mlir::ModuleOp"> {
  let summary = "compare the emitted file's outputs with the fp64 interpreter";
  let description = [{
    Emits each `ts.module`, loads the bytes again and runs them on several
    shapes, in eval and in training mode, in fp32 and in fp64. The reference is
    the kernel of the same name in `module @reference`. Outputs and buffers must
    agree by rule 5 of the validation rules (1e-5). A failure is an error
    at the op where the difference begins.

    (* example test/Validate/validate-outputs.mlir *)
  }];
  let options = [Option<"seed", "seed", "uint64_t", "0", "seed of weights and inputs">];
  let statistics = [Statistic<"numRuns", "num-runs", "runs of emitted kernels">];
}

def ValidateGradients : Pass<"tez-validate-gradients", "::mlir::ModuleOp"> {
  let summary = "compare the emitted file's gradients with the fp64 interpreter";
  let description = [{
    Runs each trainable `ts.module` backward from random upstream gradients.
    Every parameter and floating input must have a finite gradient equal to the
    interpreter's, zeros included.

    (* example test/Validate/validate-gradients.mlir *)
  }];
  let options = [Option<"seed", "seed", "uint64_t", "0", "seed of weights and inputs">];
  let statistics = [Statistic<"numRuns", "num-runs", "runs of emitted kernels">];
}

#endif // TEZ_VALIDATE_PASSES
