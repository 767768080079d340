//===- Recurrent.td - Recurrent networks and their cells ----*- tablegen -*-===//

#ifndef ESPER_OPS_RECURRENT
#define ESPER_OPS_RECURRENT

include "Esper/EsperBase.td"

// `weights` holds, for each layer and in it for each direction, w_ih, w_hh
// and, with `bias`, b_ih and b_hh: torch's flat order. G is the number of
// gates, H hidden_size.
class Esper_RecurrentOp<string mnemonic, int gates>
    : Esper_MathOp<mnemonic, [AttrSizedOperandSegments,
                              DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let flops = "getRecurrentFlops(getInput(), getWeights())";
  let extraClassDeclaration = "static constexpr int64_t numGates = " # gates # ";";
  let hasFolder = 1;
}

defvar Esper_RecurrentAttributes = (ins I64Attr:$hidden_size, I64Attr:$num_layers, BoolAttr:$bias,
    BoolAttr:$batch_first, F64Attr:$dropout, BoolAttr:$bidirectional);

def Esper_LstmOp : Esper_RecurrentOp<"lstm", 4> {
  let summary = "long short-term memory, layer upon layer";
  let description = [{
    torch's LSTM with its gate order (input, forget, cell, output) and its
    weights' order: for each layer, in it for each direction, w_ih (4H, in),
    w_hh (4H, out), with `bias` b_ih (4H), b_hh (4H), with `proj_size` w_hr
    (proj_size, H); `out` is proj_size if > 0, else H, and `in` the input's last
    dimension for the first layer, directions * out above it. Results: output
    (as the input, last dimension directions * out), h_n (layers * directions,
    batch, out), c_n (layers * directions, batch, H). An absent state is zero.
    `dropout` acts on the output of every layer but the last, in training.

    Constraints:
    - (C1) the input has rank 3, (positions, batch, in) or, with `batch_first`, (batch, positions,
      in), a known last dimension and at least one position.
    - (C2) `hidden_size` and `num_layers` are >= 1, `proj_size` is in [0, hidden_size).
    - (C3) `weights` has as many entries as layers, directions, bias and proj_size ask for.
    - (C4) each weight has the shape stated above.
    - (C5) h0 and c0 are both present or both absent and have the shapes of h_n and c_n.
    - (C6) `dropout` is in [0, 1].

    Example:
    ```mlir
    %y, %h, %c = esper.lstm %x training %t weights(%wi, %wh, %bi, %bh)
        {hidden_size = 4 : i64, num_layers = 1 : i64, bias = true, batch_first = true,
         dropout = 0.000000e+00 : f64, bidirectional = false}
        : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>,
           tensor<16xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
    ```
  }];
  let arguments = !con((ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$h0,
                            Optional<Esper_FloatTensor>:$c0, I1:$training,
                            Variadic<Esper_FloatTensor>:$weights),
                       Esper_RecurrentAttributes,
                       (ins DefaultValuedAttr<I64Attr, "0">:$proj_size));
  let results = (outs Esper_FloatTensor:$output, Esper_FloatTensor:$h_n, Esper_FloatTensor:$c_n);
  let assemblyFormat = [{
    $input (`h0` `(` $h0^ `)`)? (`c0` `(` $c0^ `)`)? `training` $training
    `weights` `(` $weights `)` attr-dict `:` functional-type(operands, results)
  }];
}

def Esper_GruOp : Esper_RecurrentOp<"gru", 3> {
  let summary = "gated recurrent units, layer upon layer";
  let description = [{
    torch's GRU with its gate order (reset, update, new): as esper.lstm with
    three gates, without cell state and projection.

    Constraints:
    - (C1) the input is as esper.lstm's.
    - (C2) `hidden_size` and `num_layers` are >= 1.
    - (C3) `weights` has as many entries as layers, directions and bias ask for.
    - (C4) each weight has its shape: w_ih (3H, in), w_hh (3H, H), b_ih (3H), b_hh (3H).
    - (C5) h0, if present, has the shape of h_n, (layers * directions, batch, H).
    - (C6) `dropout` is in [0, 1].

    Example:
    ```mlir
    %y, %h = esper.gru %x training %t weights(%wi, %wh)
        {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true,
         dropout = 0.000000e+00 : f64, bidirectional = false}
        : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>)
        -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
    ```
  }];
  let arguments = !con((ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$h0,
                            I1:$training, Variadic<Esper_FloatTensor>:$weights),
                       Esper_RecurrentAttributes);
  let results = (outs Esper_FloatTensor:$output, Esper_FloatTensor:$h_n);
  let assemblyFormat = [{
    $input (`h0` `(` $h0^ `)`)? `training` $training
    `weights` `(` $weights `)` attr-dict `:` functional-type(operands, results)
  }];
}

def Esper_RnnOp : Esper_RecurrentOp<"rnn", 1> {
  let summary = "plain recurrence, layer upon layer";
  let description = [{
    torch's RNN: h' = f(w_ih x + b_ih + w_hh h + b_hh) with f = `nonlinearity`.

    Constraints:
    - (C1) the input is as esper.lstm's.
    - (C2) `hidden_size` and `num_layers` are >= 1.
    - (C3) `weights` has as many entries as layers, directions and bias ask for.
    - (C4) each weight has its shape: w_ih (H, in), w_hh (H, H), b_ih (H), b_hh (H).
    - (C5) h0, if present, has the shape of h_n, (layers * directions, batch, H).
    - (C6) `dropout` is in [0, 1].
    - (C7) `nonlinearity` is "tanh" or "relu".

    Example:
    ```mlir
    %y, %h = esper.rnn %x training %t weights(%wi, %wh)
        {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true,
         dropout = 0.000000e+00 : f64, bidirectional = false, nonlinearity = "tanh"}
        : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>)
        -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
    ```
  }];
  let arguments = !con((ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$h0,
                            I1:$training, Variadic<Esper_FloatTensor>:$weights),
                       Esper_RecurrentAttributes,
                       (ins DefaultValuedAttr<StrAttr, "\"tanh\"">:$nonlinearity));
  let results = (outs Esper_FloatTensor:$output, Esper_FloatTensor:$h_n);
  let assemblyFormat = [{
    $input (`h0` `(` $h0^ `)`)? `training` $training
    `weights` `(` $weights `)` attr-dict `:` functional-type(operands, results)
  }];
}

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

class Esper_CellOp<string mnemonic> : Esper_MathOp<mnemonic, [Pure, AttrSizedOperandSegments]> {
  // The products with both matrices, and a few operations for each gate.
  let flops = "getCellFlops(getInput(), getWIh(), getWHh())";
}

def Esper_LstmCellOp : Esper_CellOp<"lstm_cell"> {
  let summary = "one step of a long short-term memory";
  let description = [{
    torch's LSTMCell: the next h and c. An absent state is zero.

    Constraints:
    - (C1) the input has shape (batch, in).
    - (C2) `w_hh` has shape (4H, H), known, and `w_ih` (4H, in).
    - (C3) `b_ih` and `b_hh` are both present with shape (4H), or both absent.
    - (C4) h and c are both present with shape (batch, H), or both absent.

    Example:
    ```mlir
    %h1, %c1 = esper.lstm_cell %x w_ih(%wi) w_hh(%wh)
        : (tensor<?x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>)
        -> (tensor<?x4xf32>, tensor<?x4xf32>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$h,
                       Optional<Esper_FloatTensor>:$c, Esper_FloatTensor:$w_ih,
                       Esper_FloatTensor:$w_hh, Optional<Esper_FloatTensor>:$b_ih,
                       Optional<Esper_FloatTensor>:$b_hh);
  let results = (outs Esper_FloatTensor:$h_next, Esper_FloatTensor:$c_next);
  let assemblyFormat = [{
    $input (`h` `(` $h^ `)`)? (`c` `(` $c^ `)`)? `w_ih` `(` $w_ih `)` `w_hh` `(` $w_hh `)`
    (`b_ih` `(` $b_ih^ `)`)? (`b_hh` `(` $b_hh^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def Esper_GruCellOp : Esper_CellOp<"gru_cell"> {
  let summary = "one step of a gated recurrent unit";
  let description = [{
    torch's GRUCell: the next h. An absent state is zero.

    Constraints:
    - (C1) the input has shape (batch, in).
    - (C2) `w_hh` has shape (3H, H), known, and `w_ih` (3H, in).
    - (C3) `b_ih` and `b_hh` are both present with shape (3H), or both absent.
    - (C4) h, if present, has shape (batch, H).

    Example:
    ```mlir
    %h1 = esper.gru_cell %x h(%h) w_ih(%wi) w_hh(%wh)
        : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>)
        -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$h,
                       Esper_FloatTensor:$w_ih, Esper_FloatTensor:$w_hh,
                       Optional<Esper_FloatTensor>:$b_ih, Optional<Esper_FloatTensor>:$b_hh);
  let results = (outs Esper_FloatTensor:$h_next);
  let assemblyFormat = [{
    $input (`h` `(` $h^ `)`)? `w_ih` `(` $w_ih `)` `w_hh` `(` $w_hh `)`
    (`b_ih` `(` $b_ih^ `)`)? (`b_hh` `(` $b_hh^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def Esper_RnnCellOp : Esper_CellOp<"rnn_cell"> {
  let summary = "one step of a plain recurrence";
  let description = [{
    torch's RNNCell: the next h. An absent state is zero.

    Constraints:
    - (C1) the input has shape (batch, in).
    - (C2) `w_hh` has shape (H, H), known, and `w_ih` (H, in).
    - (C3) `b_ih` and `b_hh` are both present with shape (H), or both absent.
    - (C4) h, if present, has shape (batch, H).
    - (C5) `nonlinearity` is "tanh" or "relu".

    Example:
    ```mlir
    %h1 = esper.rnn_cell %x h(%h) w_ih(%wi) w_hh(%wh) {nonlinearity = "relu"}
        : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<4x3xf32>, tensor<4x4xf32>)
        -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Optional<Esper_FloatTensor>:$h,
                       Esper_FloatTensor:$w_ih, Esper_FloatTensor:$w_hh,
                       Optional<Esper_FloatTensor>:$b_ih, Optional<Esper_FloatTensor>:$b_hh,
                       DefaultValuedAttr<StrAttr, "\"tanh\"">:$nonlinearity);
  let results = (outs Esper_FloatTensor:$h_next);
  let assemblyFormat = [{
    $input (`h` `(` $h^ `)`)? `w_ih` `(` $w_ih `)` `w_hh` `(` $w_hh `)`
    (`b_ih` `(` $b_ih^ `)`)? (`b_hh` `(` $b_hh^ `)`)? attr-dict `:`
    functional-type(operands, results)
  }];
}

#endif // ESPER_OPS_RECURRENT
