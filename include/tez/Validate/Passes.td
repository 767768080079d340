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

def Validate : Pass<"tez-validate", "::mlir::ModuleOp"> {
  let summary = "run the emitted file and judge it";
  let description = [{
    Emits each `ts.module`, loads the bytes again in a child process and runs the
    checks of the suite there, up to the first that fails. The reference is the
    kernel of the same name in `module @reference`. docs/design.md says what each
    check is. A failure is an error at the op where the difference begins, where
    that can be told.

    (* example test/Validate/outputs.mlir *)
  }];
  let options = [Option<"seed", "seed", "uint64_t", "0", "seed of weights and inputs">,
                 Option<"benchBudget", "bench-budget", "double", "0",
                        "milliseconds for measuring speed">,
                 Option<"memory", "memory", "uint64_t", "uint64_t(16) << 30",
                        "bytes that the child may have beyond what this process has">,
                 ListOption<"checks", "checks", "std::string", "checks to run (none: all)">];
  let statistics = [Statistic<"numRuns", "num-runs", "runs of emitted kernels">];
}

#endif // TEZ_VALIDATE_PASSES
