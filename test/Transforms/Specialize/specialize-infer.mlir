// RUN: tez-opt --esper-specialize-infer %s | FileCheck %s

// CHECK-LABEL: esper.kernel @random_ops(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
// CHECK-SAME:    attributes {esper.infer}
esper.kernel @random_ops(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NEXT: esper.return %[[X]]
  %t = esper.training "0"
  %u = esper.training "1"
  %0 = esper.dropout element(5.000000e-01) %x, %t : tensor<?x8xf32>
  %1 = esper.noise(1.000000e-01) %0, %u {training_only = true} : tensor<?x8xf32>
  esper.return %1 : tensor<?x8xf32>
}

// The counter and the statistics keep their values, so nothing is updated. They stay in the state dict.
// CHECK-LABEL: esper.kernel @statistics(
esper.kernel @statistics(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: esper.training
  // CHECK:     %[[N:.*]] = esper.buffer "calls"
  // CHECK:     %[[M:.*]] = esper.buffer "mean"
  // CHECK:     %[[V:.*]] = esper.buffer "var"
  // CHECK-NOT: esper.increment
  // CHECK:     %[[Y:.*]], %{{.*}}, %{{.*}} = esper.batch_norm
  // CHECK:     esper.return %[[Y]] : tensor<?x8xf32>{{ *$}}
  %t = esper.training ""
  %n = esper.buffer "calls" <constant, 0.0> : tensor<i64>
  %m = esper.buffer "mean" <constant, 0.0> : tensor<8xf32>
  %v = esper.buffer "var" <constant, 1.0> : tensor<8xf32>
  %n1 = esper.increment %n, %t : tensor<i64>
  %y, %m1, %v1 = esper.batch_norm %x running(%m, %v) training(%t) {momentum = 0.1 : f64, eps = 1.0e-5 : f64}
      : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return %y : tensor<?x8xf32> updates("calls" = %n1 : tensor<i64>, "mean" = %m1 : tensor<8xf32>, "var" = %v1 : tensor<8xf32>)
}

// CHECK-LABEL: esper.kernel @attention(
esper.kernel @attention(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) -> tensor<?x?x8xf32> {
  // CHECK: esper.attention {{.*}}dropout = 0.000000e+00
  %t = esper.training ""
  %y = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %t {num_heads = 2 : i64, dropout = 0.5 : f64, need_weights = false}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}

// Does not apply: noise outside of training too, a parameter nobody reads, updates that change their buffer or take
// the value of another one.
// CHECK-LABEL: esper.kernel @kept(
esper.kernel @kept(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: esper.param "unused"
  // CHECK: %[[A:.*]] = esper.buffer "a"
  // CHECK: %[[B:.*]] = esper.buffer "b"
  // CHECK: %[[Y:.*]] = esper.noise
  // CHECK: %[[S:.*]] = esper.add %[[A]], %[[Y]]
  // CHECK: esper.return %[[Y]] : tensor<8xf32> updates("a" = %[[S]] : tensor<8xf32>, "b" = %[[A]] : tensor<8xf32>)
  %t = esper.training ""
  %w = esper.param "unused" <constant, 0.0> : tensor<8xf32>
  %a = esper.buffer "a" <constant, 0.0> : tensor<8xf32>
  %b = esper.buffer "b" <constant, 0.0> : tensor<8xf32>
  %y = esper.noise(1.000000e-01) %x, %t {training_only = false} : tensor<8xf32>
  %s = esper.add %a, %y : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  esper.return %y : tensor<8xf32> updates("a" = %s : tensor<8xf32>, "b" = %a : tensor<8xf32>)
}
