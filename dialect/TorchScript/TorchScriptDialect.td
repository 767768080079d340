//===- TorchScriptDialect.td - The ts dialect ---------------*- tablegen -*-===//

#ifndef TORCHSCRIPT_DIALECT
#define TORCHSCRIPT_DIALECT

include "mlir/IR/DialectBase.td"

def Ts_Dialect : Dialect {
  let name = "ts";
  let cppNamespace = "::tez::ts";
  let summary = "TorchScript, op for op";
  let description = [{
    A `ts.module` is a kernel file before it is written: submodules, parameters
    and buffers by their state-dict names, and `forward` as a list of operator
    calls. Emission is a walk over it without decisions.
  }];
  let useDefaultTypePrinterParser = 1;
  let extraClassDeclaration = "void registerTypes();";
}

#endif // TORCHSCRIPT_DIALECT
