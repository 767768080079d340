// REQUIRES: torch
// RUN: tez-opt %s --tez-validate --split-input-file --verify-diagnostics
// Kernels whose outputs are right on ordinary inputs: each is refused by another check.

// In place on what is the caller's.
// expected-error@+1 {{the emitted kernel writes to its input 0}}
ts.module @overwrites {
  ts.forward(%x: !ts.tensor "input") {
    %y = ts.call "aten::relu_"(%x) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @overwrites(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.activation "relu" %x : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// A view of the caller's tensor.
// expected-error@+1 {{of the emitted kernel output 0 lies in input 0; a caller's write to the one changes the other}}
ts.module @view {
  ts.forward(%x: !ts.tensor "input") {
    %y = ts.call "aten::transpose"(%x, 0, 1) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @view(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
    %y = esper.transpose %x {dim0 = 0 : i64, dim1 = 1 : i64} : (tensor<3x3xf32>) -> tensor<3x3xf32>
    esper.return %y : tensor<3x3xf32>
  }
}

// -----

// The caller's tensor itself, in eval mode.
// expected-error@+1 {{of the emitted kernel output 0 lies in input 0}}
ts.module @returns_its_input trainable {
  ts.forward(%x: !ts.tensor "input") {
    %t = ts.training "" : !ts.bool
    %y = ts.call "aten::dropout"(%x, 5.000000e-01, %t) : (!ts.tensor, !ts.bool) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @returns_its_input(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %t = esper.training ""
    %y = esper.dropout element(5.000000e-01) %x, %t : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// A parameter.
// expected-error@+1 {{of the emitted kernel output 0 lies in 'w'}}
ts.module @gives_away trainable {
  ts.parameter "w" : tensor<3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "w" : !ts.tensor
    %y = ts.call "aten::add"(%x, %w, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %w, %y : !ts.tensor, !ts.tensor
  }
}
module @reference {
  esper.kernel @gives_away(%x: tensor<?x3xf32>) -> (tensor<3xf32>, tensor<?x3xf32>) {
    %w = esper.param "w" <uniform, -1.0, 1.0> : tensor<3xf32>
    %y = esper.add %x, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    esper.return %w, %y : tensor<3xf32>, tensor<?x3xf32>
  }
}

// -----

// Two outputs in one memory.
// expected-error@+1 {{of the emitted kernel output 1 lies in output 0}}
ts.module @halves {
  ts.forward(%x: !ts.tensor "input") {
    %y = ts.call "aten::relu"(%x) : (!ts.tensor) -> !ts.tensor
    %l = ts.call "aten::split_with_sizes"(%y, array<i64: 2, 2>, -1) : (!ts.tensor) -> !ts.tensors
    %a, %b = ts.unpack %l : !ts.tensor, !ts.tensor
    ts.return %a, %b : !ts.tensor, !ts.tensor
  }
}
module @reference {
  esper.kernel @halves(%x: tensor<?x4xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
    %y = esper.activation "relu" %x : tensor<?x4xf32>
    %a, %b = esper.split %y {sizes = array<i64: 2, 2>, dim = -1 : i64} : (tensor<?x4xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>)
    esper.return %a, %b : tensor<?x2xf32>, tensor<?x2xf32>
  }
}

// -----

// Noise below every bound.
// expected-error@+1 {{the emitted kernel draws random numbers in eval mode, the reference does not}}
ts.module @noisy {
  ts.forward(%x: !ts.tensor "input") {
    %n = ts.call "aten::randn_like"(%x, none, none, none, none, none) : (!ts.tensor) -> !ts.tensor
    %s = ts.call "aten::mul"(%n, 5.000000e-08) : (!ts.tensor) -> !ts.tensor
    %y = ts.call "aten::add"(%x, %s, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @noisy(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    esper.return %x : tensor<?x3xf32>
  }
}

// -----

// Right up to 200.
ts.module @clamped {
  ts.forward(%x: !ts.tensor "input") {
    %y = ts.call "aten::clamp"(%x, -2.000000e+02, 2.000000e+02) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel differs from the reference on special inputs (values of 1e4), in eval mode, fp32: output 0}}
  esper.kernel @clamped(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.scale %x, 1.000000e+00 : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// NaN becomes 0.
ts.module @hides {
  ts.forward(%x: !ts.tensor "input") {
    %s = ts.call "aten::sign"(%x) : (!ts.tensor) -> !ts.tensor
    %m = ts.call "aten::eq"(%s, 0) : (!ts.tensor) -> !ts.tensor
    %y = ts.call "aten::masked_fill"(%x, %m, 0.000000e+00) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel hides a NaN of its input: output 0: element 0}}
  esper.kernel @hides(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.scale %x, 1.000000e+00 : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// Any rank, where the reference has one.
// expected-error@+1 {{the emitted kernel takes one dimension more of input 0, which torch's operators refuse}}
ts.module @guesses {
  ts.forward(%x: !ts.tensor "input") {
    %y = ts.call "aten::softmax"(%x, -1, none) : (!ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @guesses(%x: tensor<?x3xf32> {esper.fixed_rank, esper.name = "input"}) -> tensor<?x3xf32> {
    %y = esper.softmax %x {dim = -1 : i64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// The parameters in another order than an optimizer's state has them.
// expected-error@+1 {{the parameters of the emitted kernel are b, a, expected a, b}}
ts.module @reordered trainable {
  ts.parameter "b" : tensor<3xf32>
  ts.parameter "a" : tensor<3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %a = ts.get "a" : !ts.tensor
    %b = ts.get "b" : !ts.tensor
    %p = ts.call "aten::mul"(%x, %a) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %y = ts.call "aten::add"(%p, %b, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @reordered(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %a = esper.param "a" <uniform, -1.0, 1.0> : tensor<3xf32>
    %b = esper.param "b" <uniform, -1.0, 1.0> : tensor<3xf32>
    %p = esper.multiply %x, %a : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    %y = esper.add %p, %b : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// Its own values are written to the caller's tensor: no bit tells.
// expected-error@+1 {{the emitted kernel writes to its input 0}}
ts.module @rewrites {
  ts.forward(%x: !ts.tensor "input") {
    %y = ts.call "aten::mul"(%x, 1.0) : (!ts.tensor) -> !ts.tensor
    %d = ts.call "aten::detach"(%x) : (!ts.tensor) -> !ts.tensor
    %c = ts.call "aten::copy_"(%d, %y, false) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @rewrites(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.scale %x, 1.000000e+00 : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// NaN of one input becomes 0, which a NaN of the other would hide.
ts.module @hides_one {
  ts.forward(%x: !ts.tensor "x", %z: !ts.tensor "z") {
    %s = ts.call "aten::sign"(%x) : (!ts.tensor) -> !ts.tensor
    %m = ts.call "aten::eq"(%s, 0) : (!ts.tensor) -> !ts.tensor
    %c = ts.call "aten::masked_fill"(%x, %m, 0.000000e+00) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %y = ts.call "aten::mul"(%c, %z) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel hides a NaN of its input: output 0: element 0}}
  esper.kernel @hides_one(%x: tensor<?x3xf32>, %z: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.multiply %x, %z : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// NaN of one sample, which a mean carries to all, becomes 0; a NaN of their own would hide it.
ts.module @spreads {
  ts.forward(%x: !ts.tensor "input") {
    %s = ts.call "aten::slice"(%x, -1, 1, 2, 1) : (!ts.tensor) -> !ts.tensor
    %m = ts.call "aten::mean"(%s, array<i64: 0>, true, none) : (!ts.tensor) -> !ts.tensor
    %n = ts.call "aten::sign"(%m) : (!ts.tensor) -> !ts.tensor
    %e = ts.call "aten::eq"(%n, 0) : (!ts.tensor) -> !ts.tensor
    %c = ts.call "aten::masked_fill"(%m, %e, 0.000000e+00) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %y = ts.call "aten::mul"(%s, %c) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel hides a NaN of its input: output 0: element 1}}
  esper.kernel @spreads(%x: tensor<?x3xf32>) -> tensor<?x1xf32> {
    %s = esper.slice %x {dim = -1 : i64, start = 1 : i64, end = 2 : i64} : (tensor<?x3xf32>) -> tensor<?x1xf32>
    %m = esper.reduce %s {kind = #esper<reduce_kind mean>, dims = array<i64: 0>, keepdim = true} : (tensor<?x1xf32>) -> tensor<1x1xf32>
    %y = esper.multiply %s, %m : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    esper.return %y : tensor<?x1xf32>
  }
}

// -----

// No gradient where it is zero, but for inputs that are no number.
ts.module @leaves_out trainable {
  ts.parameter "weight" : tensor<3xf32>
  ts.forward(%x: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %d = ts.call "aten::detach"(%w) : (!ts.tensor) -> !ts.tensor
    %s = ts.call "aten::mul"(%d, 0.000000e+00) : (!ts.tensor) -> !ts.tensor
    %y = ts.call "aten::mul"(%x, %s) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{the emitted kernel hides a NaN of its input: the gradient of 'weight'}}
  esper.kernel @leaves_out(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<3xf32>
    %s = esper.scale %w, 0.000000e+00 : tensor<3xf32>
    %y = esper.multiply %x, %s : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// The value is right, the gradient only up to 6.
ts.module @stops trainable {
  ts.forward(%x: !ts.tensor "input") {
    %c = ts.call "aten::clamp"(%x, -6.000000e+00, 6.000000e+00) : (!ts.tensor) -> !ts.tensor
    %r = ts.call "aten::sub"(%x, %c, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    %d = ts.call "aten::detach"(%r) : (!ts.tensor) -> !ts.tensor
    %y = ts.call "aten::add"(%c, %d, 1) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  // expected-error@+1 {{on special inputs (many, of all scales), in training mode, fp64: the gradient of input 0}}
  esper.kernel @stops(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
    %y = esper.scale %x, 1.000000e+00 : tensor<?x3xf32>
    esper.return %y : tensor<?x3xf32>
  }
}

// -----

// Any rank of indices; the table has one row.
// expected-error@+1 {{the emitted kernel takes one dimension more of input 0, which torch's operators refuse}}
ts.module @looks_up {
  ts.parameter "weight" : tensor<1x4xf32>
  ts.forward(%i: !ts.tensor "input") {
    %w = ts.get "weight" : !ts.tensor
    %y = ts.call "aten::embedding"(%w, %i, -1, false, false) : (!ts.tensor, !ts.tensor) -> !ts.tensor
    ts.return %y : !ts.tensor
  }
}
module @reference {
  esper.kernel @looks_up(%i: tensor<?x3xi64> {esper.fixed_rank, esper.name = "input"}) -> tensor<?x3x4xf32> {
    %w = esper.param "weight" <uniform, -1.0, 1.0> : tensor<1x4xf32>
    %y = esper.embedding %i, %w : (tensor<?x3xi64>, tensor<1x4xf32>) -> tensor<?x3x4xf32>
    esper.return %y : tensor<?x3x4xf32>
  }
}
