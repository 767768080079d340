// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// The interpreter draws torch's own numbers, so the masks are the same.

esper.kernel @dropout(%x: tensor<?x4x5xf32>) -> (tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>) {
  %t = esper.training "1"
  %0 = esper.dropout element(4.000000e-01) %x, %t : tensor<?x4x5xf32>
  %1 = esper.dropout feature(4.000000e-01) %x, %t : tensor<?x4x5xf32>
  %2 = esper.dropout alpha(4.000000e-01) %x, %t : tensor<?x4x5xf32>
  %3 = esper.dropout feature_alpha(4.000000e-01) %x, %t : tensor<?x4x5xf32>
  esper.return %0, %1, %2, %3 : tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>
}

// Nothing and everything dropped.
esper.kernel @dropout_ends(%x: tensor<?x4xf32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %t = esper.training ""
  %0 = esper.dropout element(0.000000e+00) %x, %t : tensor<?x4xf32>
  %1 = esper.dropout feature(0.000000e+00) %x, %t : tensor<?x4xf32>
  %2 = esper.dropout alpha(0.000000e+00) %x, %t : tensor<?x4xf32>
  %3 = esper.dropout feature_alpha(0.000000e+00) %x, %t : tensor<?x4xf32>
  %4 = esper.dropout element(1.000000e+00) %x, %t : tensor<?x4xf32>
  %5 = esper.dropout feature(1.000000e+00) %x, %t : tensor<?x4xf32>
  %6 = esper.dropout alpha(1.000000e+00) %x, %t : tensor<?x4xf32>
  %7 = esper.dropout feature_alpha(1.000000e+00) %x, %t : tensor<?x4xf32>
  // The stream is where torch's is after all of that.
  %8 = esper.dropout element(5.000000e-01) %x, %t : tensor<?x4xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6, %7, %8 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// Dropout of a tensor that does not lie row by row.
esper.kernel @dropout_transposed(%x: tensor<?x4x5xf32>) -> (tensor<?x5x4xf32>, tensor<?x5x4xf32>) {
  %t = esper.training ""
  %z = esper.transpose %x {dim0 = -2 : i64, dim1 = -1 : i64} : (tensor<?x4x5xf32>) -> tensor<?x5x4xf32>
  %0 = esper.dropout element(5.000000e-01) %z, %t : tensor<?x5x4xf32>
  %1 = esper.dropout feature(5.000000e-01) %z, %t : tensor<?x5x4xf32>
  esper.return %0, %1 : tensor<?x5x4xf32>, tensor<?x5x4xf32>
}

// A submodule whose mode is fixed.
esper.kernel @dropout_frozen(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %on = esper.flag true
  %off = esper.flag false
  %0 = esper.dropout element(5.000000e-01) %x, %off : tensor<?x4xf32>
  %1 = esper.dropout element(5.000000e-01) %x, %on : tensor<?x4xf32>
  esper.return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

esper.kernel @noise(%x: tensor<?x4x5xf32>) -> (tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>) {
  %t = esper.training ""
  %0 = esper.noise(5.000000e-01) %x, %t {training_only = true} : tensor<?x4x5xf32>
  %1 = esper.noise(2.000000e+00) %x, %t {training_only = false} : tensor<?x4x5xf32>
  %2 = esper.noise(0.000000e+00) %x, %t {training_only = false} : tensor<?x4x5xf32>
  esper.return %0, %1, %2 : tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>
}

// Nobody reads the first draws, so neither side makes them; a running mean that hangs on one keeps it.
esper.kernel @unread(%x: tensor<?x3x5xf32>) -> tensor<?x3x5xf32> {
  %t = esper.training ""
  %m = esper.buffer "mean" <constant, 0.0> : tensor<3xf32>
  %v = esper.buffer "var" <constant, 1.0> : tensor<3xf32>
  %0 = esper.dropout element(5.000000e-01) %x, %t : tensor<?x3x5xf32>
  %1 = esper.activation "relu" %0 : tensor<?x3x5xf32>
  %2 = esper.noise(1.000000e+00) %1, %t {training_only = true} : tensor<?x3x5xf32>
  %3 = esper.dropout alpha(5.000000e-01) %x, %t : tensor<?x3x5xf32>
  %4, %nm, %nv = esper.batch_norm %3 running(%m, %v) training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x3x5xf32>, tensor<3xf32>, tensor<3xf32>, i1) -> (tensor<?x3x5xf32>, tensor<3xf32>, tensor<3xf32>)
  %5 = esper.dropout element(5.000000e-01) %x, %t : tensor<?x3x5xf32>
  esper.return %5 : tensor<?x3x5xf32> updates("mean" = %nm : tensor<3xf32>, "var" = %nv : tensor<3xf32>)
}

// Slopes: as many draws as elements are not above 0, row by row in any layout; the stream goes on where torch's does.
esper.kernel @rrelu(%x: tensor<?x4x5xf32>)
    -> (tensor<?x4x5xf32>, tensor<?x5x4xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>) {
  %t = esper.training ""
  %0 = esper.rrelu(1.250000e-01, 5.000000e-01) %x, %t : tensor<?x4x5xf32>
  %z = esper.transpose %0 {dim0 = -2 : i64, dim1 = -1 : i64} : (tensor<?x4x5xf32>) -> tensor<?x5x4xf32>
  %1 = esper.rrelu(-1.000000e+00, 2.000000e+00) %z, %t : tensor<?x5x4xf32>
  %r = esper.activation "relu" %x : tensor<?x4x5xf32>
  %2 = esper.rrelu(1.250000e-01, 5.000000e-01) %r, %t : tensor<?x4x5xf32>
  %3 = esper.rrelu(2.500000e-01, 2.500000e-01) %x, %t : tensor<?x4x5xf32>
  %4 = esper.rrelu(2.500000e-01, 2.500005e-01) %x, %t : tensor<?x4x5xf32>
  %5 = esper.dropout element(5.000000e-01) %x, %t : tensor<?x4x5xf32>
  esper.return %0, %1, %2, %3, %4, %5 : tensor<?x4x5xf32>, tensor<?x5x4xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>, tensor<?x4x5xf32>
}

esper.kernel @rrelu_frozen(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %on = esper.flag true
  %off = esper.flag false
  %0 = esper.rrelu(1.250000e-01, 5.000000e-01) %x, %off : tensor<?x4xf32>
  %1 = esper.rrelu(1.250000e-01, 5.000000e-01) %x, %on : tensor<?x4xf32>
  esper.return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

// Sequences of one channel behind a transpose: torch's convolutions take them for channels-last, operators of elements do not;
// average pools keep that order for any number of channels.
esper.kernel @one_channel(%x: tensor<?x6x1xf32>, %z: tensor<?x6x4xf32>) -> (tensor<?x8x6xf32>, tensor<?x8x6xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>) {
  %t = esper.training ""
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<8x1x3xf32>
  %s = esper.transpose %x {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x6x1xf32>) -> tensor<?x1x6xf32>
  %c = esper.conv %s, %w {stride = array<i64: 1>, padding = array<i64: 1>, dilation = array<i64: 1>} : (tensor<?x1x6xf32>, tensor<8x1x3xf32>) -> tensor<?x8x6xf32>
  %0 = esper.dropout element(5.000000e-01) %c, %t : tensor<?x8x6xf32>
  %r = esper.activation "relu" %s : tensor<?x1x6xf32>
  %d = esper.conv %r, %w {stride = array<i64: 1>, padding = array<i64: 1>, dilation = array<i64: 1>} : (tensor<?x1x6xf32>, tensor<8x1x3xf32>) -> tensor<?x8x6xf32>
  %1 = esper.dropout element(5.000000e-01) %d, %t : tensor<?x8x6xf32>
  %y = esper.transpose %z {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x6x4xf32>) -> tensor<?x4x6xf32>
  %p = esper.avg_pool %y {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, ceil_mode = false, count_include_pad = true} : (tensor<?x4x6xf32>) -> tensor<?x4x3xf32>
  %2 = esper.dropout element(5.000000e-01) %p, %t : tensor<?x4x3xf32>
  %q = esper.adaptive_avg_pool %y {output_size = array<i64: 3>} : (tensor<?x4x6xf32>) -> tensor<?x4x3xf32>
  %3 = esper.dropout element(5.000000e-01) %q, %t : tensor<?x4x3xf32>
  esper.return %0, %1, %2, %3 : tensor<?x8x6xf32>, tensor<?x8x6xf32>, tensor<?x4x3xf32>, tensor<?x4x3xf32>
}

// Views of an attention's positions, and rotations of transposed sequences, are drawn for in the order of their memory.
esper.kernel @views(%x: tensor<?x3x4xf32>) -> (tensor<?x3x1x4xf32>, tensor<?x4x3xf32>, tensor<?x12xf32>, tensor<?x4x3xf32>) {
  %t = esper.training ""
  %p = esper.permute %x {dims = array<i64: 1, 0, 2>} : (tensor<?x3x4xf32>) -> tensor<3x?x4xf32>
  %r = esper.activation "relu" %p : tensor<3x?x4xf32>
  %q = esper.permute %r {dims = array<i64: 1, 0, 2>} : (tensor<3x?x4xf32>) -> tensor<?x3x4xf32>
  %v = esper.reshape %q {shape = array<i64: -1, 3, 1, 4>} : (tensor<?x3x4xf32>) -> tensor<?x3x1x4xf32>
  %0 = esper.dropout alpha(5.000000e-01) %v, %t : tensor<?x3x1x4xf32>
  %s = esper.transpose %x {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x3x4xf32>) -> tensor<?x4x3xf32>
  %1 = esper.dropout element(5.000000e-01) %s, %t : tensor<?x4x3xf32>
  %c = esper.reshape %q {shape = array<i64: -1, 12>} : (tensor<?x3x4xf32>) -> tensor<?x12xf32>
  %2 = esper.dropout element(5.000000e-01) %c, %t : tensor<?x12xf32>
  %u = esper.unsqueeze %s {dim = 1 : i64} : (tensor<?x4x3xf32>) -> tensor<?x1x4x3xf32>
  %w = esper.squeeze %u {dim = 1 : i64} : (tensor<?x1x4x3xf32>) -> tensor<?x4x3xf32>
  %3 = esper.dropout element(5.000000e-01) %w, %t : tensor<?x4x3xf32>
  esper.return %0, %1, %2, %3 : tensor<?x3x1x4xf32>, tensor<?x4x3xf32>, tensor<?x12xf32>, tensor<?x4x3xf32>
}
