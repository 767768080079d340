//===- EsperInterfaces.td - What an esper op tells about itself *- tablegen -*-===//

#ifndef ESPER_INTERFACES
#define ESPER_INTERFACES

include "mlir/IR/OpBase.td"

def AtenOpInterface : OpInterface<"AtenOpInterface"> {
  let cppNamespace = "::tez::esper";
  let description = [{
    An op that is exactly one ATen call. The conversion to TorchScript needs
    nothing but the name and the arguments in schema order.
  }];
  let methods = [InterfaceMethod<"The operator's name and its arguments.",
                                 "void", "getAtenCall", (ins "::tez::esper::AtenCall &":$call)>];
}

def CostOpInterface : OpInterface<"CostOpInterface"> {
  let cppNamespace = "::tez::esper";
  let description = "What an op costs. Asked only when every shape is static.";
  let methods = [InterfaceMethod<"Floating-point operations of one forward evaluation.",
                                 "double", "getFlops">];
}

def CompositeOpInterface : OpInterface<"CompositeOpInterface"> {
  let cppNamespace = "::tez::esper";
  let description = [{
    An op defined by primitives. Interpreter, gradients and emission for
    training know it by this expansion only.
  }];
  let methods = [InterfaceMethod<[{
      Builds the expansion at the builder's insertion point and returns the
      values that replace the op's results.
    }], "::llvm::SmallVector<::mlir::Value>", "decompose", (ins "::mlir::OpBuilder &":$builder)>];
}

// The op's meaning does not change when the operands gain leading dimensions;
// its dimension attributes count from the right.
def LeadingAgnostic : NativeOpTrait<"LeadingAgnostic"> {
  let cppNamespace = "::tez::esper";
}

#endif // ESPER_INTERFACES
