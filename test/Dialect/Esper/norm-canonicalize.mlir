// RUN: tez-opt %s --canonicalize | FileCheck %s

// Outside of training the running statistics stay what they are.
// CHECK-LABEL: esper.kernel @batch_norm_keeps_statistics(
esper.kernel @batch_norm_keeps_statistics(%x: tensor<?x8x?xf32>) -> tensor<?x8x?xf32> {
  // CHECK: %[[M:.*]] = esper.buffer "mean"
  %m = esper.buffer "mean" <constant, 0.0> : tensor<8xf32>
  // CHECK: %[[V:.*]] = esper.buffer "var"
  %v = esper.buffer "var" <constant, 1.0> : tensor<8xf32>
  %f = esper.flag false
  // CHECK: %[[Y:[a-z0-9_]+]], %{{.*}}, %{{.*}} = esper.batch_norm %{{.*}} running(%[[M]], %[[V]])
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%f)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>)
  // CHECK: esper.return %[[Y]] : tensor<?x8x?xf32> updates("mean" = %[[M]] : tensor<8xf32>,
  // CHECK-SAME: "var" = %[[V]] : tensor<8xf32>)
  esper.return %y : tensor<?x8x?xf32>
      updates("mean" = %nm : tensor<8xf32>, "var" = %nv : tensor<8xf32>)
}

// CHECK-LABEL: esper.kernel @instance_norm_keeps_statistics(
esper.kernel @instance_norm_keeps_statistics(%x: tensor<?x8x?xf32>) -> tensor<?x8x?xf32> {
  // CHECK: %[[M:.*]] = esper.buffer "mean"
  %m = esper.buffer "mean" <constant, 0.0> : tensor<8xf32>
  // CHECK: %[[V:.*]] = esper.buffer "var"
  %v = esper.buffer "var" <constant, 1.0> : tensor<8xf32>
  %f = esper.flag false
  // CHECK: %[[Y:[a-z0-9_]+]], %{{.*}}, %{{.*}} = esper.instance_norm %{{.*}} running(%[[M]], %[[V]])
  %y, %nm, %nv = esper.instance_norm %x running(%m, %v) use_input_stats(%f)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8x?xf32>, tensor<8xf32>, tensor<8xf32>)
  // CHECK: esper.return %[[Y]] : tensor<?x8x?xf32> updates("mean" = %[[M]] : tensor<8xf32>,
  // CHECK-SAME: "var" = %[[V]] : tensor<8xf32>)
  esper.return %y : tensor<?x8x?xf32>
      updates("mean" = %nm : tensor<8xf32>, "var" = %nv : tensor<8xf32>)
}

// CHECK-LABEL: esper.kernel @batch_norm_in_training(
esper.kernel @batch_norm_in_training(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %m = esper.buffer "mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "var" <constant, 1.0> : tensor<8xf32>
  %t = esper.training ""
  // CHECK: %[[Y:[a-z0-9_]+]], %[[NM:[a-z0-9_]+]], %[[NV:[a-z0-9_]+]] = esper.batch_norm
  %y, %nm, %nv = esper.batch_norm %x running(%m, %v) training(%t)
      {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  // CHECK: updates("mean" = %[[NM]] : tensor<8xf32>, "var" = %[[NV]] : tensor<8xf32>)
  esper.return %y : tensor<?x8xf32>
      updates("mean" = %nm : tensor<8xf32>, "var" = %nv : tensor<8xf32>)
}
