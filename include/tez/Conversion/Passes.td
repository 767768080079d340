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

#endif // TEZ_CONVERSION_PASSES
