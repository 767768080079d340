//===- NativeDialect.td - The native dialect ----------------*- tablegen -*-===//

#ifndef NATIVE_DIALECT
#define NATIVE_DIALECT

include "mlir/IR/DialectBase.td"

def Native_Dialect : Dialect {
  let name = "native";
  let cppNamespace = "::tez::native";
  let summary = "Loop nests with a schedule, between linalg and vector";
  let description = [{
    Each op is one loop nest of machine code to be: what it computes, on tensors
    or on memory, and the tiles it is computed in. The schedule is data on the
    op, so that it can be read, changed and measured without touching a pass.

    Arguments of a function that is to become machine code say what they are:
    `native.input` (the name of an input), `native.state` (the state-dict name of
    a weight), `native.panels` (the width of the panels a weight is packed into),
    `native.transposed` (its state-dict tensor is the transpose of what is
    packed), `native.channels` (packed sums run along so many channels first, which the state-dict tensor has
    outside of the window), `native.groups` (as many groups of columns have panels of their own),
    `native.column_sums` (of an 8-bit weight, what each of its columns adds up to), `native.winograd` (packed are the 16 matrices that `native.conv` makes of 3x3 windows),
    `native.output` and `native.scratch`; `native.image` is channels, height and width of an input's or
    output's rows; `native.positions` is no memory but the number of rows of
    a sample.
  }];
}

#endif // NATIVE_DIALECT
