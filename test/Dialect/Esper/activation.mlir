// RUN: tez-opt %s | tez-opt | FileCheck %s

// Functions with 0, 1 and 2 parameters, at any rank.

// CHECK-LABEL: esper.kernel @activation_relu(
esper.kernel @activation_relu(%x: tensor<?x8xf32>) {
  // CHECK: = esper.activation "relu" %{{.*}} : tensor<?x8xf32>
  %y = esper.activation "relu" %x : tensor<?x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @activation_leaky_relu(
esper.kernel @activation_leaky_relu(%x: tensor<?x?x?xf32>) {
  // CHECK: = esper.activation "leaky_relu"{{ *}}(1.000000e-02) %{{.*}} : tensor<?x?x?xf32>
  %y = esper.activation "leaky_relu"(1.000000e-02) %x : tensor<?x?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @activation_softplus(
esper.kernel @activation_softplus(%x: tensor<f32>) {
  // CHECK: = esper.activation "softplus"{{ *}}(1.000000e+00, 2.000000e+01) %{{.*}} : tensor<f32>
  %y = esper.activation "softplus"(1.000000e+00, 2.000000e+01) %x : tensor<f32>
  esper.return
}

// CHECK-LABEL: esper.kernel @prelu(
esper.kernel @prelu(%x: tensor<?x8x?xf32>, %w: tensor<8xf32>) {
  // CHECK: = esper.prelu %{{.*}}, %{{.*}} : (tensor<?x8x?xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
  %y = esper.prelu %x, %w : (tensor<?x8x?xf32>, tensor<8xf32>) -> tensor<?x8x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @prelu_one_slope(
esper.kernel @prelu_one_slope(%x: tensor<8xf32>, %w: tensor<1xf32>) {
  // CHECK: = esper.prelu %{{.*}}, %{{.*}} : (tensor<8xf32>, tensor<1xf32>) -> tensor<8xf32>
  %y = esper.prelu %x, %w : (tensor<8xf32>, tensor<1xf32>) -> tensor<8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @glu(
esper.kernel @glu(%x: tensor<?x8xf32>) {
  // CHECK: = esper.glu %{{.*}} {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  %y = esper.glu %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @glu_any(
esper.kernel @glu_any(%x: tensor<?x8xf32>) {
  // CHECK: = esper.glu %{{.*}} {dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %y = esper.glu %x {dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @softmax(
esper.kernel @softmax(%x: tensor<?x?xf32>) {
  // CHECK: = esper.softmax %{{.*}} {dim = 1 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = esper.softmax %x {dim = 1 : i64} : (tensor<?x?xf32>) -> tensor<?x?xf32>
  esper.return
}

// CHECK-LABEL: esper.kernel @log_softmax(
esper.kernel @log_softmax(%x: tensor<?x8xf32>) {
  // CHECK: = esper.log_softmax %{{.*}} {dim = -2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %y = esper.log_softmax %x {dim = -2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}
