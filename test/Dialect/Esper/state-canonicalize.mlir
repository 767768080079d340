// RUN: tez-opt %s --canonicalize | FileCheck %s

// A counter stands still outside of training; the state without a user stays.
// CHECK-LABEL: esper.kernel @counter(
esper.kernel @counter(%x: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NEXT: esper.param "unused"
  %w = esper.param "unused" <constant, 0.0> : tensor<2xf32>
  // CHECK-NEXT: %[[N:.*]] = esper.buffer "n"
  %n = esper.buffer "n" <constant, 0.0> : tensor<i64>
  %f = esper.flag false
  %m = esper.increment %n, %f : tensor<i64>
  // CHECK-NEXT: esper.return %{{.*}} : tensor<?xf32> updates("n" = %[[N]] : tensor<i64>)
  esper.return %x : tensor<?xf32> updates("n" = %m : tensor<i64>)
}

// CHECK-LABEL: esper.kernel @counts(
esper.kernel @counts() {
  %n = esper.buffer "n" <constant, 0.0> : tensor<i64>
  %f = esper.flag true
  // CHECK: %[[M:.*]] = esper.increment
  %m = esper.increment %n, %f : tensor<i64>
  // CHECK: updates("n" = %[[M]] : tensor<i64>)
  esper.return updates("n" = %m : tensor<i64>)
}
