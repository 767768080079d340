// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// Parameters that are read twice or not at all, counters, an output that is an input, a state that is an output.
esper.kernel @state(%x: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<3xf32>) {
  %t = esper.training ""
  %inner = esper.training "inner"
  %w = esper.param "twice" <normal, 0.0, 1.0> : tensor<3xf32>
  %unused = esper.param "inner.unused" <normal, 0.0, 1.0> : tensor<2x2xf32>
  %n = esper.buffer "calls" <constant, 3.0> : tensor<i64>
  %i = esper.buffer "inner.calls" <constant, 0.0> : tensor<i64>
  %c = esper.buffer "inner.constant" <uniform, 1.0, 2.0> : tensor<3xf32>
  %a = esper.multiply %x, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %b = esper.add %a, %w : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %d = esper.multiply %b, %c : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %n1 = esper.increment %n, %t : tensor<i64>
  %i1 = esper.increment %i, %inner : tensor<i64>
  esper.return %d, %x, %w : tensor<?x3xf32>, tensor<?x3xf32>, tensor<3xf32> updates("calls" = %n1 : tensor<i64>, "inner.calls" = %i1 : tensor<i64>)
}

// Elements that are known, as of positions and masks.
esper.kernel @elements(%x: tensor<?x3xf32>) -> (tensor<4xi64>, tensor<2x3xf32>, tensor<2x3x2xf32>) {
  %r = esper.buffer "range" <range, 1.0, 2.0> : tensor<4xi64>
  %l = esper.buffer "lower" <lower, 0.0, 0xFFF0000000000000> : tensor<2x3xf32>
  %m = esper.buffer "matrices" <lower, 2.0, 1.0> : tensor<2x3x2xf32>
  esper.return %r, %l, %m : tensor<4xi64>, tensor<2x3xf32>, tensor<2x3x2xf32>
}

// Modes known at compile time.
esper.kernel @flags(%x: tensor<?xf32>) -> tensor<?xf32> {
  %on = esper.flag true
  %off = esper.flag false
  %n = esper.buffer "counts" <constant, 0.0> : tensor<i64>
  %m = esper.buffer "stays" <constant, 0.0> : tensor<i64>
  %n1 = esper.increment %n, %on : tensor<i64>
  %m1 = esper.increment %m, %off : tensor<i64>
  esper.return %x : tensor<?xf32> updates("counts" = %n1 : tensor<i64>, "stays" = %m1 : tensor<i64>)
}

// Both with the optional input and without it.
esper.kernel @value_or(%x: tensor<?x3xf32>, %o: !esper.optional<tensor<?x3xf32>>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %v = esper.value_or %o, %x : !esper.optional<tensor<?x3xf32>>
  %y = esper.multiply %v, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  esper.return %y, %v : tensor<?x3xf32>, tensor<?x3xf32>
}

// Values that come of no input at all.
esper.kernel @constant(%x: tensor<?x3xf32>) -> tensor<2x2xf32> {
  %w = esper.param "weight" <normal, 0.0, 1.0> : tensor<2x2xf32>
  %y = esper.activation "tanh" %w : tensor<2x2xf32>
  esper.return %y : tensor<2x2xf32>
}
