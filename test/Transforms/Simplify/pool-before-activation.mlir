// RUN: tez-opt --esper-pool-before-activation %s | FileCheck %s
// RUN: tez-opt %s %test_passes -o /dev/null --pass-pipeline='builtin.module(tez-keep-reference,esper.kernel(esper-pool-before-activation),test-compare-with-reference{training=false})'

// CHECK-LABEL: esper.kernel @relu(
// CHECK:         %[[P:.*]] = esper.max_pool %arg0
// CHECK-NEXT:    %[[Y:.*]] = esper.activation "relu" %[[P]] : tensor<?x2x3xf32>
// CHECK-NEXT:    esper.return %[[Y]]
esper.kernel @relu(%x: tensor<?x2x6xf32>) -> tensor<?x2x3xf32> {
  %a = esper.activation "relu" %x : tensor<?x2x6xf32>
  %y = esper.max_pool %a {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>, ceil_mode = false}
      : (tensor<?x2x6xf32>) -> tensor<?x2x3xf32>
  esper.return %y : tensor<?x2x3xf32>
}

// CHECK-LABEL: esper.kernel @leaky(
// CHECK:         esper.max_pool %arg0
// CHECK-NEXT:    esper.activation "leaky_relu"
esper.kernel @leaky(%x: tensor<?x2x6xf32>) -> tensor<?x2x3xf32> {
  %a = esper.activation "leaky_relu"(0.1) %x : tensor<?x2x6xf32>
  %y = esper.max_pool %a {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>, ceil_mode = false}
      : (tensor<?x2x6xf32>) -> tensor<?x2x3xf32>
  esper.return %y : tensor<?x2x3xf32>
}

// It falls, it may fall by rounding, or something else reads it.
// CHECK-LABEL: esper.kernel @kept(
// CHECK:         esper.activation "leaky_relu"
// CHECK-NEXT:    esper.max_pool
// CHECK:         esper.activation "tanh"
// CHECK-NEXT:    esper.max_pool
// CHECK:         esper.activation "relu"
// CHECK-NEXT:    esper.max_pool
esper.kernel @kept(%x: tensor<?x2x6xf32>) -> (tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<?x2x6xf32>) {
  %a = esper.activation "leaky_relu"(-0.1) %x : tensor<?x2x6xf32>
  %b = esper.max_pool %a {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>, ceil_mode = false}
      : (tensor<?x2x6xf32>) -> tensor<?x2x3xf32>
  %c = esper.activation "tanh" %x : tensor<?x2x6xf32>
  %d = esper.max_pool %c {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>, ceil_mode = false}
      : (tensor<?x2x6xf32>) -> tensor<?x2x3xf32>
  %e = esper.activation "relu" %x : tensor<?x2x6xf32>
  %f = esper.max_pool %e {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>, dilation = array<i64: 1>, ceil_mode = false}
      : (tensor<?x2x6xf32>) -> tensor<?x2x3xf32>
  esper.return %b, %d, %f, %e : tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<?x2x6xf32>
}
