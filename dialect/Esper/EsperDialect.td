//===- EsperDialect.td - The esper dialect ------------------*- tablegen -*-===//

#ifndef ESPER_DIALECT
#define ESPER_DIALECT

include "mlir/IR/DialectBase.td"

def Esper_Dialect : Dialect {
  let name = "esper";
  let cppNamespace = "::tez::esper";
  let summary = "small neural networks as typed, shape-inferred mathematics";
  let description = [{
    Esper says what a network computes: ranked tensors with dynamic dimensions,
    parameters and buffers as ops that yield values, modes as booleans. It knows
    no device, no layout and no file format; the ATen call of an op is a fact
    that the op states through an interface.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerTypes();
    void registerAttributes();
  }];
}

#endif // ESPER_DIALECT
