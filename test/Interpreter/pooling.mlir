// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// Overlapping and dilated windows; windows that ceil mode lets hang over the edge.
esper.kernel @max_pool(%x: tensor<?x2x10xf32>, %i: tensor<?x2x?x7xf32>, %v: tensor<?x2x4x3x5xf32>)
    -> (tensor<?x2x5xf32>, tensor<?x2x6xf32>, tensor<?x2x5xf32>, tensor<?x2x?x4xf32>, tensor<?x2x2x3x2xf32>) {
  %0 = esper.max_pool %x {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x2x10xf32>) -> tensor<?x2x5xf32>
  %1 = esper.max_pool %x {dilation = array<i64: 2>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<?x2x10xf32>) -> tensor<?x2x6xf32>
  %2 = esper.max_pool %x {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x2x10xf32>) -> tensor<?x2x5xf32>
  %3 = esper.max_pool %i {dilation = array<i64: 1, 1>, kernel_size = array<i64: 3, 3>, padding = array<i64: 1, 1>, stride = array<i64: 1, 2>}
      : (tensor<?x2x?x7xf32>) -> tensor<?x2x?x4xf32>
  %4 = esper.max_pool %v {dilation = array<i64: 1, 1, 1>, kernel_size = array<i64: 2, 1, 3>, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 1, 2>}
      : (tensor<?x2x4x3x5xf32>) -> tensor<?x2x2x3x2xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x2x5xf32>, tensor<?x2x6xf32>, tensor<?x2x5xf32>, tensor<?x2x?x4xf32>, tensor<?x2x2x3x2xf32>
}

// Where they stand counts within a plane, padding and all that is before it left out.
esper.kernel @max_pool_with_indices(%x: tensor<?x2x10xf32>, %i: tensor<?x2x?x7xf32>, %v: tensor<?x2x4x3x5xf32>)
    -> (tensor<?x2x6xf32>, tensor<?x2x6xi64>, tensor<?x2x?x4xf32>, tensor<?x2x?x4xi64>, tensor<?x2x2x3x2xf32>, tensor<?x2x2x3x2xi64>) {
  %0:2 = esper.max_pool_with_indices %x {dilation = array<i64: 2>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<?x2x10xf32>) -> (tensor<?x2x6xf32>, tensor<?x2x6xi64>)
  %1:2 = esper.max_pool_with_indices %i {dilation = array<i64: 1, 1>, kernel_size = array<i64: 3, 3>, padding = array<i64: 1, 1>, stride = array<i64: 1, 2>}
      : (tensor<?x2x?x7xf32>) -> (tensor<?x2x?x4xf32>, tensor<?x2x?x4xi64>)
  %2:2 = esper.max_pool_with_indices %v {ceil_mode = true, dilation = array<i64: 1, 1, 1>, kernel_size = array<i64: 2, 1, 3>, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 1, 2>}
      : (tensor<?x2x4x3x5xf32>) -> (tensor<?x2x2x3x2xf32>, tensor<?x2x2x3x2xi64>)
  esper.return %0#0, %0#1, %1#0, %1#1, %2#0, %2#1 : tensor<?x2x6xf32>, tensor<?x2x6xi64>, tensor<?x2x?x4xf32>, tensor<?x2x?x4xi64>, tensor<?x2x2x3x2xf32>, tensor<?x2x2x3x2xi64>
}

// Equal elements: the first one takes the gradient.
esper.kernel @max_pool_ties(%x: tensor<?x2x8xf32>) -> tensor<?x2x4xf32> {
  %z = esper.activation "hardtanh"(-1.0e-01, 1.0e-01) %x : tensor<?x2x8xf32>
  %w = esper.param "weight" <constant, 0.0> : tensor<2x8xf32>
  %s = esper.add %z, %w : (tensor<?x2x8xf32>, tensor<2x8xf32>) -> tensor<?x2x8xf32>
  %0 = esper.max_pool %s {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x2x8xf32>) -> tensor<?x2x4xf32>
  esper.return %0 : tensor<?x2x4xf32>
}

// The divisor: with and without padding, overridden, of a window that hangs over the edge.
esper.kernel @avg_pool(%x: tensor<?x2x9xf32>, %i: tensor<?x2x6x?xf32>, %v: tensor<?x2x4x3x5xf32>)
    -> (tensor<?x2x4xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>, tensor<?x2x3x?xf32>, tensor<?x2x3x?xf32>, tensor<?x2x2x2x3xf32>) {
  %0 = esper.avg_pool %x {kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>} : (tensor<?x2x9xf32>) -> tensor<?x2x4xf32>
  %1 = esper.avg_pool %x {kernel_size = array<i64: 3>, padding = array<i64: 1>, stride = array<i64: 2>} : (tensor<?x2x9xf32>) -> tensor<?x2x5xf32>
  %2 = esper.avg_pool %x {count_include_pad = false, kernel_size = array<i64: 3>, padding = array<i64: 1>, stride = array<i64: 2>}
      : (tensor<?x2x9xf32>) -> tensor<?x2x5xf32>
  %3 = esper.avg_pool %x {ceil_mode = true, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x2x9xf32>) -> tensor<?x2x5xf32>
  %4 = esper.avg_pool %i {divisor_override = 3 : i64, kernel_size = array<i64: 2, 1>, padding = array<i64: 0, 0>, stride = array<i64: 2, 1>}
      : (tensor<?x2x6x?xf32>) -> tensor<?x2x3x?xf32>
  %5 = esper.avg_pool %i {ceil_mode = true, count_include_pad = false, kernel_size = array<i64: 3, 3>, padding = array<i64: 1, 1>, stride = array<i64: 3, 1>}
      : (tensor<?x2x6x?xf32>) -> tensor<?x2x3x?xf32>
  %6 = esper.avg_pool %v {kernel_size = array<i64: 2, 2, 3>, padding = array<i64: 0, 1, 1>, stride = array<i64: 2, 2, 2>}
      : (tensor<?x2x4x3x5xf32>) -> tensor<?x2x2x2x3xf32>
  esper.return %0, %1, %2, %3, %4, %5, %6 : tensor<?x2x4xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>, tensor<?x2x5xf32>, tensor<?x2x3x?xf32>, tensor<?x2x3x?xf32>, tensor<?x2x2x2x3xf32>
}

// Windows that do not divide evenly, that grow, that keep a size.
esper.kernel @adaptive_avg_pool(%x: tensor<?x2x7xf32>, %i: tensor<?x2x?x5xf32>, %v: tensor<?x2x4x3x5xf32>)
    -> (tensor<?x2x3xf32>, tensor<?x2x9xf32>, tensor<?x2x1x1xf32>, tensor<?x2x?x2xf32>, tensor<?x2x2x3x4xf32>) {
  %0 = esper.adaptive_avg_pool %x {output_size = array<i64: 3>} : (tensor<?x2x7xf32>) -> tensor<?x2x3xf32>
  %1 = esper.adaptive_avg_pool %x {output_size = array<i64: 9>} : (tensor<?x2x7xf32>) -> tensor<?x2x9xf32>
  %2 = esper.adaptive_avg_pool %i {output_size = array<i64: 1, 1>} : (tensor<?x2x?x5xf32>) -> tensor<?x2x1x1xf32>
  %3 = esper.adaptive_avg_pool %i {output_size = array<i64: -1, 2>} : (tensor<?x2x?x5xf32>) -> tensor<?x2x?x2xf32>
  %4 = esper.adaptive_avg_pool %v {output_size = array<i64: 2, -1, 4>} : (tensor<?x2x4x3x5xf32>) -> tensor<?x2x2x3x4xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x2x3xf32>, tensor<?x2x9xf32>, tensor<?x2x1x1xf32>, tensor<?x2x?x2xf32>, tensor<?x2x2x3x4xf32>
}

esper.kernel @adaptive_max_pool(%x: tensor<?x2x7xf32>, %i: tensor<?x2x?x5xf32>, %v: tensor<?x2x4x3x5xf32>)
    -> (tensor<?x2x3xf32>, tensor<?x2x9xf32>, tensor<?x2x1x1xf32>, tensor<?x2x?x2xf32>, tensor<?x2x2x3x4xf32>) {
  %0 = esper.adaptive_max_pool %x {output_size = array<i64: 3>} : (tensor<?x2x7xf32>) -> tensor<?x2x3xf32>
  %1 = esper.adaptive_max_pool %x {output_size = array<i64: 9>} : (tensor<?x2x7xf32>) -> tensor<?x2x9xf32>
  %2 = esper.adaptive_max_pool %i {output_size = array<i64: 1, 1>} : (tensor<?x2x?x5xf32>) -> tensor<?x2x1x1xf32>
  %3 = esper.adaptive_max_pool %i {output_size = array<i64: -1, 2>} : (tensor<?x2x?x5xf32>) -> tensor<?x2x?x2xf32>
  %4 = esper.adaptive_max_pool %v {output_size = array<i64: 2, -1, 4>} : (tensor<?x2x4x3x5xf32>) -> tensor<?x2x2x3x4xf32>
  esper.return %0, %1, %2, %3, %4 : tensor<?x2x3xf32>, tensor<?x2x9xf32>, tensor<?x2x1x1xf32>, tensor<?x2x?x2xf32>, tensor<?x2x2x3x4xf32>
}

// Positive inputs: a root of a negative sum is NaN in torch as well, and has no gradient.
esper.kernel @lp_pool(%x: tensor<?x2x9xf32>, %i: tensor<?x2x6x4xf32>)
    -> (tensor<?x2x4xf32>, tensor<?x2x5xf32>, tensor<?x2x3x2xf32>, tensor<?x2x2x4xf32>) {
  %e = esper.activation "exp" %x : tensor<?x2x9xf32>
  %p = esper.activation "exp" %i : tensor<?x2x6x4xf32>
  %0 = esper.lp_pool %e {kernel_size = array<i64: 2>, norm_type = 2.0 : f64, stride = array<i64: 2>} : (tensor<?x2x9xf32>) -> tensor<?x2x4xf32>
  %1 = esper.lp_pool %e {ceil_mode = true, kernel_size = array<i64: 2>, norm_type = 3.0 : f64, stride = array<i64: 2>} : (tensor<?x2x9xf32>) -> tensor<?x2x5xf32>
  %2 = esper.lp_pool %p {kernel_size = array<i64: 2, 2>, norm_type = 1.0 : f64, stride = array<i64: 2, 2>} : (tensor<?x2x6x4xf32>) -> tensor<?x2x3x2xf32>
  %3 = esper.lp_pool %p {kernel_size = array<i64: 3, 1>, norm_type = 2.5 : f64, stride = array<i64: 3, 1>} : (tensor<?x2x6x4xf32>) -> tensor<?x2x2x4xf32>
  esper.return %0, %1, %2, %3 : tensor<?x2x4xf32>, tensor<?x2x5xf32>, tensor<?x2x3x2xf32>, tensor<?x2x2x4xf32>
}
