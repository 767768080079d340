// RUN: tez-opt %s | tez-opt | FileCheck %s

// Sizes are torch's, among them those of the last window in ceil mode.

// CHECK-LABEL: esper.kernel @max_pool1d(
esper.kernel @max_pool1d(%x: tensor<?x8x32xf32>) {
  // CHECK: = esper.max_pool %{{.*}} {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>} : (tensor<?x8x32xf32>) -> tensor<?x8x16xf32>
  %y = esper.max_pool %x
      {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x8x32xf32>) -> tensor<?x8x16xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @max_pool2d(
esper.kernel @max_pool2d(%x: tensor<?x8x32x?xf32>) {
  // CHECK: = esper.max_pool %{{.*}} {dilation = array<i64: 1, 1>, kernel_size = array<i64: 3, 3>, padding = array<i64: 1, 1>, stride = array<i64: 2, 2>} : (tensor<?x8x32x?xf32>) -> tensor<?x8x16x?xf32>
  %y = esper.max_pool %x
      {dilation = array<i64: 1, 1>, kernel_size = array<i64: 3, 3>, padding = array<i64: 1, 1>, stride = array<i64: 2, 2>}
      : (tensor<?x8x32x?xf32>) -> tensor<?x8x16x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @max_pool_dilated(
esper.kernel @max_pool_dilated(%x: tensor<?x8x9xf32>) {
  // CHECK: = esper.max_pool %{{.*}} {dilation = array<i64: 2>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>} : (tensor<?x8x9xf32>) -> tensor<?x8x5xf32>
  %y = esper.max_pool %x
      {dilation = array<i64: 2>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 1>}
      : (tensor<?x8x9xf32>) -> tensor<?x8x5xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @max_pool_ceil(
esper.kernel @max_pool_ceil(%x: tensor<?x8x10xf32>) {
  // CHECK: = esper.max_pool %{{.*}} {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 2>} : (tensor<?x8x10xf32>) -> tensor<?x8x5xf32>
  %y = esper.max_pool %x
      {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 3>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x8x10xf32>) -> tensor<?x8x5xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @max_pool_ceil_starts_outside(
esper.kernel @max_pool_ceil_starts_outside(%x: tensor<?x8x5xf32>) {
  // CHECK: = esper.max_pool %{{.*}} {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 1>, stride = array<i64: 2>} : (tensor<?x8x5xf32>) -> tensor<?x8x3xf32>
  %y = esper.max_pool %x
      {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 1>, stride = array<i64: 2>}
      : (tensor<?x8x5xf32>) -> tensor<?x8x3xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @max_pool_ceil_smaller_than_kernel(
esper.kernel @max_pool_ceil_smaller_than_kernel(%x: tensor<?x8x1xf32>) {
  // CHECK: = esper.max_pool %{{.*}} {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 3>} : (tensor<?x8x1xf32>) -> tensor<?x8x1xf32>
  %y = esper.max_pool %x
      {ceil_mode = true, dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 3>}
      : (tensor<?x8x1xf32>) -> tensor<?x8x1xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @avg_pool1d(
esper.kernel @avg_pool1d(%x: tensor<?x8x33xf32>) {
  // CHECK: = esper.avg_pool %{{.*}} {ceil_mode = true, count_include_pad = false, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>} : (tensor<?x8x33xf32>) -> tensor<?x8x17xf32>
  %y = esper.avg_pool %x
      {ceil_mode = true, count_include_pad = false, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x8x33xf32>) -> tensor<?x8x17xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @avg_pool2d(
esper.kernel @avg_pool2d(%x: tensor<?x?x?x8xf32>) {
  // CHECK: = esper.avg_pool %{{.*}} {divisor_override = 3 : i64, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x?x?x8xf32>) -> tensor<?x?x?x4xf32>
  %y = esper.avg_pool %x
      {divisor_override = 3 : i64, kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<?x?x?x8xf32>) -> tensor<?x?x?x4xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @avg_pool3d(
esper.kernel @avg_pool3d(%x: tensor<0x2x4x4x4xf32>) {
  // CHECK: = esper.avg_pool %{{.*}} {kernel_size = array<i64: 2, 2, 2>, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 2, 2>} : (tensor<0x2x4x4x4xf32>) -> tensor<0x2x2x2x2xf32>
  %y = esper.avg_pool %x
      {kernel_size = array<i64: 2, 2, 2>, padding = array<i64: 0, 0, 0>, stride = array<i64: 2, 2, 2>}
      : (tensor<0x2x4x4x4xf32>) -> tensor<0x2x2x2x2xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @adaptive_avg_pool(
esper.kernel @adaptive_avg_pool(%x: tensor<?x8x?x?xf32>) {
  // CHECK: = esper.adaptive_avg_pool %{{.*}} {output_size = array<i64: 1, -1>} : (tensor<?x8x?x?xf32>) -> tensor<?x8x1x?xf32>
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 1, -1>}
      : (tensor<?x8x?x?xf32>) -> tensor<?x8x1x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @adaptive_avg_pool_grows(
esper.kernel @adaptive_avg_pool_grows(%x: tensor<?x8x3xf32>) {
  // CHECK: = esper.adaptive_avg_pool %{{.*}} {output_size = array<i64: 5>} : (tensor<?x8x3xf32>) -> tensor<?x8x5xf32>
  %y = esper.adaptive_avg_pool %x {output_size = array<i64: 5>}
      : (tensor<?x8x3xf32>) -> tensor<?x8x5xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @adaptive_max_pool(
esper.kernel @adaptive_max_pool(%x: tensor<?x8x?x7x?xf32>) {
  // CHECK: = esper.adaptive_max_pool %{{.*}} {output_size = array<i64: 4, -1, 0>} : (tensor<?x8x?x7x?xf32>) -> tensor<?x8x4x7x0xf32>
  %y = esper.adaptive_max_pool %x {output_size = array<i64: 4, -1, 0>}
      : (tensor<?x8x?x7x?xf32>) -> tensor<?x8x4x7x0xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @lp_pool(
esper.kernel @lp_pool(%x: tensor<?x8x32x31xf32>) {
  // CHECK: = esper.lp_pool %{{.*}} {kernel_size = array<i64: 2, 2>, norm_type = 2.000000e+00 : f64, stride = array<i64: 2, 2>} : (tensor<?x8x32x31xf32>) -> tensor<?x8x16x15xf32>
  %y = esper.lp_pool %x
      {kernel_size = array<i64: 2, 2>, norm_type = 2.000000e+00 : f64, stride = array<i64: 2, 2>}
      : (tensor<?x8x32x31xf32>) -> tensor<?x8x16x15xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @max_pool_with_indices(
esper.kernel @max_pool_with_indices(%x: tensor<?x8x32xf32>) {
  // CHECK: = esper.max_pool_with_indices %{{.*}} {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>} : (tensor<?x8x32xf32>) -> (tensor<?x8x16xf32>, tensor<?x8x16xi64>)
  %y, %i = esper.max_pool_with_indices %x
      {dilation = array<i64: 1>, kernel_size = array<i64: 2>, padding = array<i64: 0>, stride = array<i64: 2>}
      : (tensor<?x8x32xf32>) -> (tensor<?x8x16xf32>, tensor<?x8x16xi64>)
  esper.return
}
