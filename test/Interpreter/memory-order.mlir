// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// torch fills a mask from its first byte to its last, so which element gets which draw hangs on how the operators before
// left their results.

// A recurrence computes positions first.
esper.kernel @recurrence(%x: tensor<?x5x3xf32>) -> (tensor<?x5x2xf32>, tensor<?x5x2xf32>) {
  %t = esper.training ""
  %wi = esper.param "wi" <normal, 0.0, 1.0> : tensor<8x3xf32>
  %wh = esper.param "wh" <normal, 0.0, 1.0> : tensor<8x2xf32>
  %gi = esper.param "gi" <normal, 0.0, 1.0> : tensor<6x3xf32>
  %gh = esper.param "gh" <normal, 0.0, 1.0> : tensor<6x2xf32>
  %0, %h, %c = esper.lstm %x training %t weights(%wi, %wh)
      {hidden_size = 2 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false}
      : (tensor<?x5x3xf32>, i1, tensor<8x3xf32>, tensor<8x2xf32>) -> (tensor<?x5x2xf32>, tensor<1x?x2xf32>, tensor<1x?x2xf32>)
  %1, %h1 = esper.gru %x training %t weights(%gi, %gh)
      {hidden_size = 2 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false}
      : (tensor<?x5x3xf32>, i1, tensor<6x3xf32>, tensor<6x2xf32>) -> (tensor<?x5x2xf32>, tensor<1x?x2xf32>)
  %2 = esper.noise(1.000000e+00) %0, %t {training_only = true} : tensor<?x5x2xf32>
  %3 = esper.dropout element(5.000000e-01) %1, %t : tensor<?x5x2xf32>
  esper.return %2, %3 : tensor<?x5x2xf32>, tensor<?x5x2xf32>
}

// Channels last in memory, and what keeps them so.
esper.kernel @channels_last(%x: tensor<?x3x5x4xf32>)
    -> (tensor<?x6x3x5xf32>, tensor<?x4x2x4xf32>, tensor<?x4x2x2xf32>, tensor<?x4x6x10xf32>, tensor<?x4x4x5xf32>, tensor<?x4x3x5xf32>, tensor<?x4x15xf32>) {
  %t = esper.training ""
  %w = esper.param "w" <normal, 0.0, 1.0> : tensor<6x4x1x1xf32>
  %z = esper.permute %x {dims = array<i64: 0, 3, 1, 2>} : (tensor<?x3x5x4xf32>) -> tensor<?x4x3x5xf32>
  %0 = esper.conv %z, %w {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>, dilation = array<i64: 1, 1>}
      : (tensor<?x4x3x5xf32>, tensor<6x4x1x1xf32>) -> tensor<?x6x3x5xf32>
  %1 = esper.batch_norm %0 training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64} : (tensor<?x6x3x5xf32>, i1) -> tensor<?x6x3x5xf32>
  %2 = esper.dropout element(5.000000e-01) %1, %t : tensor<?x6x3x5xf32>
  %3 = esper.max_pool %z {dilation = array<i64: 1, 1>, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<?x4x3x5xf32>) -> tensor<?x4x2x4xf32>
  %4 = esper.dropout element(5.000000e-01) %3, %t : tensor<?x4x2x4xf32>
  %5 = esper.adaptive_avg_pool %z {output_size = array<i64: 2, 2>} : (tensor<?x4x3x5xf32>) -> tensor<?x4x2x2xf32>
  %6 = esper.noise(1.000000e+00) %5, %t {training_only = true} : tensor<?x4x2x2xf32>
  %7 = esper.upsample %z {mode = #esper<upsample_mode nearest>, scale_factor = array<f64: 2.000000e+00, 2.000000e+00>}
      : (tensor<?x4x3x5xf32>) -> tensor<?x4x6x10xf32>
  %8 = esper.dropout element(5.000000e-01) %7, %t : tensor<?x4x6x10xf32>
  %9 = esper.pad %z {pads = array<i64: 0, 0, 1, 0>, mode = #esper<pad_mode constant>} : (tensor<?x4x3x5xf32>) -> tensor<?x4x4x5xf32>
  %10 = esper.dropout element(5.000000e-01) %9, %t : tensor<?x4x4x5xf32>
  %11 = esper.group_norm %z {num_groups = 2 : i64, eps = 1.0e-5 : f64} : (tensor<?x4x3x5xf32>) -> tensor<?x4x3x5xf32>
  %12 = esper.dropout element(5.000000e-01) %11, %t : tensor<?x4x3x5xf32>
  // A view: the pixels lie together.
  %13 = esper.flatten %z {start_dim = 2 : i64, end_dim = 3 : i64} : (tensor<?x4x3x5xf32>) -> tensor<?x4x15xf32>
  %14 = esper.dropout element(5.000000e-01) %13, %t : tensor<?x4x15xf32>
  esper.return %2, %4, %6, %8, %10, %12, %14 : tensor<?x6x3x5xf32>, tensor<?x4x2x4xf32>, tensor<?x4x2x2xf32>, tensor<?x4x6x10xf32>, tensor<?x4x4x5xf32>, tensor<?x4x3x5xf32>, tensor<?x4x15xf32>
}

// What makes its result row by row all the same: other exchanges, copies, other operators.
esper.kernel @row_major(%x: tensor<?x4x5xf32>, %i: tensor<?x3x5x4xf32>)
    -> (tensor<?x5x4xf32>, tensor<?x20xf32>, tensor<?x5x2x2xf32>, tensor<?x4x3x5xf32>) {
  %t = esper.training ""
  %z = esper.transpose %x {dim0 = 1 : i64, dim1 = 2 : i64} : (tensor<?x4x5xf32>) -> tensor<?x5x4xf32>
  %0 = esper.batch_norm %z training(%t) {eps = 1.0e-05 : f64, momentum = 0.1 : f64} : (tensor<?x5x4xf32>, i1) -> tensor<?x5x4xf32>
  %1 = esper.dropout element(5.000000e-01) %0, %t : tensor<?x5x4xf32>
  %2 = esper.flatten %z {start_dim = 1 : i64, end_dim = 2 : i64} : (tensor<?x5x4xf32>) -> tensor<?x20xf32>
  %3 = esper.dropout element(5.000000e-01) %2, %t : tensor<?x20xf32>
  %4 = esper.unflatten %z {dim = 2 : i64, sizes = array<i64: 2, 2>} : (tensor<?x5x4xf32>) -> tensor<?x5x2x2xf32>
  %5 = esper.dropout element(5.000000e-01) %4, %t : tensor<?x5x2x2xf32>
  %c = esper.permute %i {dims = array<i64: 0, 3, 1, 2>} : (tensor<?x3x5x4xf32>) -> tensor<?x4x3x5xf32>
  %6 = esper.softmax %c {dim = 1 : i64} : (tensor<?x4x3x5xf32>) -> tensor<?x4x3x5xf32>
  %7 = esper.dropout element(5.000000e-01) %6, %t : tensor<?x4x3x5xf32>
  esper.return %1, %3, %5, %7 : tensor<?x5x4xf32>, tensor<?x20xf32>, tensor<?x5x2x2xf32>, tensor<?x4x3x5xf32>
}
