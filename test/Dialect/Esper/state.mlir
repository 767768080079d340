// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @affine(
// CHECK-SAME: tensor<?x4xf32>) -> tensor<?x2xf32> attributes {leading_any}
esper.kernel @affine(%x: tensor<?x4xf32>) -> tensor<?x2xf32> attributes {leading_any} {
  // CHECK: esper.param "0.weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<2x4xf32>
  %w = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<2x4xf32>
  %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  // CHECK: esper.return %{{.*}} : tensor<?x2xf32>
  esper.return %y : tensor<?x2xf32>
}

// Parameters and buffers without a user stay: they are in the state dict.
// CHECK-LABEL: esper.kernel @state(
esper.kernel @state(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK: esper.param "e" <normal, 0.000000e+00, 1.000000e+00, zero_row = 3> : tensor<4x2xf32>
  %e = esper.param "e" <normal, 0.0, 1.0, zero_row = 3> : tensor<4x2xf32>
  // CHECK: esper.param "c" <constant, 2.500000e+00, zero_row = 0> : tensor<1x0xf64>
  %c = esper.param "c" <constant, 2.5, zero_row = 0> : tensor<1x0xf64>
  // CHECK: esper.buffer "r" <range, 1.000000e+00, 2.000000e+00> : tensor<4xi64>
  %r = esper.buffer "r" <range, 1.0, 2.0> : tensor<4xi64>
  // CHECK: esper.buffer "l" <lower, 0.000000e+00, 0xFFF0000000000000> : tensor<4x4xf32>
  %l = esper.buffer "l" <lower, 0.0, 0xFFF0000000000000> : tensor<4x4xf32>
  // CHECK: esper.buffer "n" <constant, 0.000000e+00> : tensor<i64>
  %n = esper.buffer "n" <constant, 0.0> : tensor<i64>
  // CHECK: %[[T:.*]] = esper.training "a.b"
  %t = esper.training "a.b"
  // CHECK: %[[M:.*]] = esper.increment %{{.*}}, %[[T]] : tensor<i64>
  %m = esper.increment %n, %t : tensor<i64>
  // CHECK: esper.return %{{.*}} : tensor<?xf32> updates("n" = %[[M]] : tensor<i64>)
  esper.return %x : tensor<?xf32> updates("n" = %m : tensor<i64>)
}

// CHECK-LABEL: esper.kernel @optional(
esper.kernel @optional(%q: tensor<?x?x8xf32>, %k: !esper.optional<tensor<?x?x8xf32>>)
    -> tensor<?x?x8xf32> {
  // CHECK: esper.value_or %{{.*}}, %{{.*}} : !esper.optional<tensor<?x?x8xf32>>
  %v = esper.value_or %k, %q : !esper.optional<tensor<?x?x8xf32>>
  esper.return %v : tensor<?x?x8xf32>
}

// CHECK-LABEL: esper.kernel @mode(
esper.kernel @mode() {
  // CHECK: esper.training ""
  %t = esper.training ""
  // CHECK: esper.flag false
  %f = esper.flag false
  esper.return
}
