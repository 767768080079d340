// RUN: tez-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: esper.kernel @dropout_outside_of_training(
esper.kernel @dropout_outside_of_training(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) -> tensor<?x?x8xf32> {
  %f = esper.flag false
  // CHECK: esper.attention {{.*}}dropout = 0.000000e+00 : f64
  %y = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %f {num_heads = 2 : i64, dropout = 0.5 : f64, need_weights = false}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}

// CHECK-LABEL: esper.kernel @dropout_that_hosts_switch(
esper.kernel @dropout_that_hosts_switch(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) -> tensor<?x?x8xf32> {
  %t = esper.training ""
  // CHECK: esper.attention {{.*}}dropout = 5.000000e-01 : f64
  %y = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %t {num_heads = 2 : i64, dropout = 0.5 : f64, need_weights = false}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}

// An attention that draws stays although nobody reads it; one that does not goes.
// CHECK-LABEL: esper.kernel @unread(
esper.kernel @unread(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) {
  %t = esper.training ""
  // CHECK-COUNT-1: esper.attention {{.*}}dropout = 5.000000e-01 : f64
  // CHECK-NOT:     esper.attention
  %0 = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %t {num_heads = 2 : i64, dropout = 0.5 : f64, need_weights = false}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<?x?x8xf32>
  %1 = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %t {num_heads = 2 : i64, dropout = 0.0 : f64, need_weights = false}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<?x?x8xf32>
  esper.return
}
