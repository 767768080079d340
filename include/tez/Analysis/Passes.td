//===- Passes.td - Passes that look and change nothing ------*- tablegen -*-===//

#ifndef TEZ_ANALYSIS_PASSES
#define TEZ_ANALYSIS_PASSES

include "mlir/Pass/PassBase.td"

defvar Tez_BatchOption = Option<"batch", "batch", "int64_t", "0",
    "size of dynamic first dimensions (0: costs for 1, hazards for any)">;

def AnalyzeCost : Pass<"tez-analyze-cost", "::mlir::ModuleOp"> {
  let summary = "print what every kernel costs";
  let description = [{
    Prints, on standard error, FLOPs, parameters, bytes and peak activation
    memory of each kernel and of each of its ops, and the size of the signal
    behind the op before training. Shapes are those the blueprint declared,
    else the smallest that the kernel admits. With `json`, one object a kernel.

    (* example test/Analysis/analyze-cost.mlir *)
  }];
  let options = [Tez_BatchOption,
                 Option<"json", "json", "bool", "false", "print JSON instead of a table">];
  let statistics = [Statistic<"numKernels", "num-kernels", "kernels counted">,
                    Statistic<"numOps", "num-ops", "ops counted">];
}

def Lint : Pass<"tez-lint", "::tez::esper::KernelOp"> {
  let summary = "warn of hazards, refuse what exceeds a limit";
  let description = [{
    Runs the lint rules (lib/Analysis/Rules): dead nodes, unused inputs and
    parameters, gradient dead ends, a signal that vanishes or explodes before
    training, numeric traps, layers that change nothing. Each finding is a
    warning at its op that ends in the rule's name. A limit that is exceeded is
    an error and fails the pass; -1 is no limit.

    (* example test/Analysis/lint.mlir *)
  }];
  let options = [
    Tez_BatchOption,
    ListOption<"rules", "rules", "std::string", "run these rules only">,
    Option<"maxFlops", "max-flops", "double", "-1", "FLOPs of one forward evaluation">,
    Option<"maxParameters", "max-params", "int64_t", "-1", "parameters in all">,
    Option<"maxBytes", "max-bytes", "int64_t", "-1", "bytes of parameters and buffers">,
    Option<"maxActivationBytes", "max-activation-bytes", "int64_t", "-1",
           "bytes of activations alive at once">];
  let statistics = [Statistic<"numWarnings", "num-warnings", "hazards found">,
                    Statistic<"numRefusals", "num-refusals", "limits exceeded">];
}

#endif // TEZ_ANALYSIS_PASSES
