//===- NativeOps.td - Ops of the native dialect -------------*- tablegen -*-===//

#ifndef NATIVE_OPS
#define NATIVE_OPS

include "Native/NativeDialect.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/OpBase.td"

class Native_Op<string mnemonic, list<Trait> traits = []> : Op<Native_Dialect, mnemonic, traits>;

/// A loop nest that overwrites `out`.
class Native_NestOp<string mnemonic, list<Trait> traits = []>
    : Native_Op<mnemonic, [DestinationStyleOpInterface,
                           DeclareOpInterfaceMethods<MemoryEffectsOpInterface>] # traits> {
  let hasVerifier = 1;
  code nestDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutMutable(); }
  }];
  let extraClassDeclaration = nestDeclaration;
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::mlir::SmallVectorImpl<::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      ::tez::native::addNestEffects(*this, effects);
    }
  }];
}

def Native_ProductOp : Native_NestOp<"product", [AttrSizedOperandSegments, SingleBlock]> {
  let summary = "matrix products and what is done to their elements";
  let description = [{
    `out[m, n] = epilogue(sum_k lefts[i][m, k] * rights[i][k, n] ..., extras[j][m, n] ...)`.
    All products of one op have the shape of `out`. The epilogue is a block of
    scalar ops; its arguments are the products, then the extras. An extra has the shape
    [M, N], [N], or [M, 1]: one number a row.

    Factors are both f32, both bf16, f32 on the left and bf16 on the right, or unsigned numbers of at most 7 bits on the
    left and signed 8-bit ones on the right, both i8. Sums are f32, of 8-bit numbers i32.

    A right factor of rank 2 is [K, N], or [N, K] where `transposed` says so. One
    of rank 3 is packed: [ceil(N / width), ceil(K / group), width * group], the last panel filled up with
    zeros. A group is as many terms as fill 32 bits, which lie beside each other: the instructions for
    narrow numbers add them up.

    `schedule` lists tiles as pairs (rows, panels), from the largest to (1, p): rows
    are cut by the first as long as it fits, then by the next. Every sum runs over
    k in order and with fused multiply-adds, so a row's numbers do not depend on the
    tile it fell into.

    `piece` cuts long sums for tiles of the first kind: the nearest cache holds that many rows of
    a panel and a copy of what they are multiplied by, and `out` holds the sums between the pieces.

    `deferred` finishes elements once all sums are in memory, those of the first product in `out`,
    and not in the registers of each tile: a long epilogue is written down once, not dozens of times.

    Constraints:
    - (C1) as many left as right factors, at least one; `out` and the left factors have rank 2, static columns
      and the same rows.
    - (C2) a right factor has the depth of its left factor and the columns of `out`.
    - (C3) an extra has the shape of `out`, one number a column, or one number a row.
    - (C4) the schedule's rows fall, down to 1.
    - (C5) the epilogue takes one element of each product and extra, and yields one of `out`.
    - (C6) a piece is of at least one term, of a single product of f32.
    - (C7) factors are of f32, of bf16 or of i8, or f32 and bf16.

    Example:
    ```mlir
    %y = native.product(%x : tensor<?x3xf32>) times(%w : tensor<4x3xf32>) with(%b : tensor<4xf32>) into %out : tensor<?x4xf32> {
    ^bb0(%sum: f32, %bias: f32):
      %s = arith.addf %sum, %bias : f32
      native.yield %s : f32
    } {transposed = array<i1: true>} -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyShaped>:$lefts, Variadic<AnyShaped>:$rights, Variadic<AnyShaped>:$extras,
                       AnyShaped:$out, DefaultValuedAttr<DenseBoolArrayAttr, "{}">:$transposed,
                       OptionalAttr<DenseI64ArrayAttr>:$schedule, OptionalAttr<I64Attr>:$piece,
                       UnitAttr:$deferred);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `(` $lefts `:` type($lefts) `)` `times` `(` $rights `:` type($rights) `)`
    (`with` `(` $extras^ `:` type($extras) `)`)? `into` $out `:` type($out) $epilogue attr-dict
    (`->` type($results)^)?
  }];
  let extraClassDeclaration = nestDeclaration # [{
    bool isTransposed(unsigned i) { return i < getTransposed().size() && getTransposed()[i]; }
    /// The columns of the result, and the length of product i's sums.
    int64_t getColumns();
    int64_t getDepth(unsigned i);
    /// Of product i's sums.
    ::mlir::Type getSumType(unsigned i);
    /// Numbers that a panel has of packed right factors.
    int64_t getWidth();
  }];
}

def Native_YieldOp : Native_Op<"yield", [Pure, Terminator, ParentOneOf<["ConvOp", "ProductOp"]>]> {
  let summary = "the element that an epilogue makes";
  let description = [{
    Example:
    ```mlir
    %y = native.product(%x : tensor<?x3xf32>) times(%w : tensor<3x4xf32>) into %out : tensor<?x4xf32> {
    ^bb0(%sum: f32):
      native.yield %sum : f32
    } -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins AnyTypeOf<[AnyFloat, AnyInteger]>:$value);
  let assemblyFormat = "$value `:` type($value) attr-dict";
}

//===----------------------------------------------------------------------===//
// Rows: what needs all columns of a row, and no other row
//===----------------------------------------------------------------------===//

def Native_RowNormOp : Native_NestOp<"row_norm", [AttrSizedOperandSegments]> {
  let summary = "rows divided by the root of their mean square";
  let description = [{
    `out[m, n] = x / sqrt(mean_n(x^2) + eps) * scale[n] + shift[n]`, where x is
    `input[m, n]`, or with `centered` its difference from the mean of the row: RMS norm and
    layer norm.

    Constraints:
    - (C1) `input` and `out` have the same shape, of rank 2 with static columns.
    - (C2) `scale` and `shift`, where present, have one number a column.
    - (C3) `eps` is a number >= 0.

    Example:
    ```mlir
    %y = native.row_norm(%x : tensor<?x4xf32>) scale(%w : tensor<4xf32>) shift(%b : tensor<4xf32>)
        into %out : tensor<?x4xf32> {centered, eps = 1.000000e-05 : f64} -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$input, Optional<AnyShaped>:$scale, Optional<AnyShaped>:$shift, AnyShaped:$out,
                       F64Attr:$eps, UnitAttr:$centered);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $input `:` type($input) `)` (`scale` `(` $scale^ `:` type($scale) `)`)?
    (`shift` `(` $shift^ `:` type($shift) `)`)? `into` $out `:` type($out) attr-dict (`->` type($results)^)?
  }];
}

def Native_RowSoftmaxOp : Native_NestOp<"row_softmax"> {
  let summary = "exponentials of a row, divided by their sum";
  let description = [{
    `out[m, n] = exp(x[m, n]) / sum_n exp(x[m, n])`, or with `log` the logarithm of that. The
    largest number of the row is subtracted first.

    Constraints:
    - (C1) `input` and `out` have the same shape, of rank 2 with static columns.

    Example:
    ```mlir
    %y = native.row_softmax(%x : tensor<?x4xf32>) into %out : tensor<?x4xf32> -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$input, AnyShaped:$out, UnitAttr:$log);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $input `:` type($input) `)` `into` $out `:` type($out) attr-dict (`->` type($results)^)?
  }];
}

def Native_RowGridOp : Native_Op<"row_grid", [DestinationStyleOpInterface,
                                              DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "a grid of 128 numbers for each row";
  let description = [{
    `scales[m] * (q - zeros[m])`, q from 0 to 127, are numbers from the least to the greatest of row m and 0, which
    is one of them. `zeros` are whole numbers. A row with an element that is infinite or NaN has NaN for its scale.

    Constraints:
    - (C1) `input` is of f32, of rank 2 with static columns.
    - (C2) `scales` and `zeros` are f32, one number a row, [M, 1].

    Example:
    ```mlir
    %step, %zero = native.row_grid(%x : tensor<?x4xf32>) into %s, %z : tensor<?x1xf32>, tensor<?x1xf32>
        -> tensor<?x1xf32>, tensor<?x1xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$input, AnyShaped:$scales, AnyShaped:$zeros);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $input `:` type($input) `)` `into` $scales `,` $zeros `:` type($scales) `,` type($zeros) attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return {getOperation(), 1, 2}; }
  }];
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::mlir::SmallVectorImpl<::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      ::tez::native::addNestEffects(*this, effects);
    }
  }];
}

def Native_ColumnsOp : Native_NestOp<"columns"> {
  let summary = "columns of several operands beside each other";
  let description = [{
    A row of every operand is `groups` groups of equal length: the pixels of an image with channels last, or one. A group of
    `out` is, of one operand after the other, the `counts[i]` numbers from `begins[i]` on of its group: operands concatenated, or a part of
    one.

    Constraints:
    - (C1) the operands, at least one, and `out` have rank 2, static columns and the same rows.
    - (C2) `groups` >= 1 divides all columns, and `begins` and `counts` are parts of the groups, one for each operand.
    - (C3) a group of `out` has as many numbers as `counts` add up to.

    Example:
    ```mlir
    %y = native.columns(%a, %b : tensor<?x6xf32>, tensor<?x4xf32>) into %out : tensor<?x8xf32>
        {begins = array<i64: 0, 1>, counts = array<i64: 3, 1>, groups = 2 : i64} -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyShaped>:$inputs, AnyShaped:$out, DenseI64ArrayAttr:$begins,
                       DenseI64ArrayAttr:$counts, I64Attr:$groups);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $inputs `:` type($inputs) `)` `into` $out `:` type($out) attr-dict (`->` type($results)^)?
  }];
}

//===----------------------------------------------------------------------===//
// Samples: what needs all rows of a sample
//===----------------------------------------------------------------------===//

def Native_AttentionOp : Native_NestOp<"attention"> {
  let summary = "softmax(scale * query key^T) value of each head, without the scores in memory";
  let description = [{
    A sample is `positions` consecutive rows. A head is as many columns as `out` has for each of
    `heads`; those of the query begin at column `columns[0]` of the operand, those of the key
    and the value at `columns[1]` and `columns[2]`, so that all three may be parts of the rows that one
    product made. `causal` lets position i see positions 0 to i.

    Constraints:
    - (C1) the operands and `out` have rank 2, static columns and the same rows.
    - (C2) `heads` >= 1 divides the columns of `out`.
    - (C3) `columns` are three numbers >= 0; from each on the operand has as many columns as `out`.

    Example:
    ```mlir
    %y = native.attention(%x, %x, %x : tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x24xf32>) positions(%s)
        into %out : tensor<?x8xf32> {heads = 2 : i64, columns = array<i64: 0, 8, 16>, scale = 5.000000e-01 : f64} -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$query, AnyShaped:$key, AnyShaped:$value, Index:$positions, AnyShaped:$out,
                       I64Attr:$heads, DenseI64ArrayAttr:$columns, F64Attr:$scale, UnitAttr:$causal);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $query `,` $key `,` $value `:` type($query) `,` type($key) `,` type($value) `)` `positions` `(` $positions `)`
    `into` $out `:` type($out) attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = nestDeclaration # [{
    /// Columns of one head.
    int64_t getFeatures();
  }];
}

include "Native/ImageOps.td"

#endif // NATIVE_OPS
