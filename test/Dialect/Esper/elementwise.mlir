// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @broadcasting(
esper.kernel @broadcasting(%a: tensor<?x1x8xf32>, %b: tensor<5x?xf32>, %s: tensor<f32>) -> (tensor<?x5x8xf32>, tensor<5x?xf32>, tensor<?x5x8xf32>, tensor<?x1x8xf32>) {
  // CHECK: esper.add %{{.*}}, %{{.*}} : (tensor<?x1x8xf32>, tensor<5x?xf32>) -> tensor<?x5x8xf32>
  %0 = esper.add %a, %b : (tensor<?x1x8xf32>, tensor<5x?xf32>) -> tensor<?x5x8xf32>
  // CHECK: esper.subtract %{{.*}}, %{{.*}} : (tensor<f32>, tensor<5x?xf32>) -> tensor<5x?xf32>
  %1 = esper.subtract %s, %b : (tensor<f32>, tensor<5x?xf32>) -> tensor<5x?xf32>
  // CHECK: esper.multiply
  %2 = esper.multiply %b, %a : (tensor<5x?xf32>, tensor<?x1x8xf32>) -> tensor<?x5x8xf32>
  // CHECK: esper.divide
  %3 = esper.divide %a, %s : (tensor<?x1x8xf32>, tensor<f32>) -> tensor<?x1x8xf32>
  esper.return %0, %1, %2, %3 : tensor<?x5x8xf32>, tensor<5x?xf32>, tensor<?x5x8xf32>, tensor<?x1x8xf32>
}

// CHECK-LABEL: esper.kernel @integers(
esper.kernel @integers(%i: tensor<?xi64>) -> tensor<?xi64> {
  // CHECK: esper.add %[[I:.*]], %[[I]] : (tensor<?xi64>, tensor<?xi64>) -> tensor<?xi64>
  %0 = esper.add %i, %i : (tensor<?xi64>, tensor<?xi64>) -> tensor<?xi64>
  esper.return %0 : tensor<?xi64>
}

// CHECK-LABEL: esper.kernel @scale_detach(
esper.kernel @scale_detach(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: esper.scale %{{.*}}, 5.000000e-01{{.*}} : tensor<?x8xf32>
  %0 = esper.scale %x, 0.5 : tensor<?x8xf32>
  // CHECK: esper.detach %{{.*}} : tensor<?x8xf32>
  %1 = esper.detach %0 : tensor<?x8xf32>
  esper.return %1 : tensor<?x8xf32>
}

// CHECK-LABEL: esper.kernel @clip_gradient(
esper.kernel @clip_gradient(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: esper.clip_gradient(1.000000e+00) %{{.*}} {norm_type = 2.000000e+00 : f64} : tensor<?x8xf32>
  %0 = esper.clip_gradient(1.0) %x {norm_type = 2.0 : f64} : tensor<?x8xf32>
  // CHECK: esper.clip_gradient(5.000000e-01) %{{.*}} {norm_type = 0x7FF0000000000000 : f64} : tensor<?x8xf32>
  %1 = esper.clip_gradient(0.5) %0 {norm_type = 0x7FF0000000000000 : f64} : tensor<?x8xf32>
  esper.return %1 : tensor<?x8xf32>
}
