// RUN: tez-opt %s | tez-opt | FileCheck %s

// CHECK-LABEL: esper.kernel @packed(
esper.kernel @packed(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %b: tensor<24xf32>, %v: tensor<8x8xf32>, %c: tensor<8xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>) {
  %t = esper.training ""
  // CHECK: esper.attention %[[X:.*]], %[[X]], %[[X]] in_proj(%{{.*}}) in_bias(%{{.*}}) out_proj(%{{.*}}, %{{.*}}) training %{{.*}} {causal = true, dropout = 1.000000e-01 : f64, num_heads = 2 : i64} :
  // CHECK-SAME: -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  %y, %a = esper.attention %x, %x, %x in_proj(%w) in_bias(%b) out_proj(%v, %c) training %t
      {num_heads = 2 : i64, dropout = 0.1 : f64, causal = true}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return %y, %a : tensor<?x?x8xf32>, tensor<?x?x?xf32>
}

// Features of key and value differ, each appended position counts, sizes merge.
// CHECK-LABEL: esper.kernel @separate(
esper.kernel @separate(%q: tensor<?x5x8xf32>, %k: tensor<3x7x6xf32>, %v: tensor<?x7x4xf32>, %wq: tensor<8x8xf32>, %wk: tensor<8x6xf32>, %wv: tensor<8x4xf32>, %bk: tensor<1x1x8xf32>, %bv: tensor<1x1x8xf32>, %o: tensor<8x8xf32>) -> tensor<3x5x9xf32> {
  %t = esper.training "attn"
  // CHECK: q_proj(%{{.*}}) k_proj(%{{.*}}) v_proj(%{{.*}}) bias_k(%{{.*}}) bias_v(%{{.*}}) out_proj(%{{.*}}) training %{{.*}} {add_zero_attn = true,
  // CHECK-SAME: -> (tensor<3x5x8xf32>, tensor<3x5x9xf32>)
  %y, %a = esper.attention %q, %k, %v q_proj(%wq) k_proj(%wk) v_proj(%wv) bias_k(%bk) bias_v(%bv) out_proj(%o) training %t
      {num_heads = 4 : i64, dropout = 0.0 : f64, add_zero_attn = true}
      : (tensor<?x5x8xf32>, tensor<3x7x6xf32>, tensor<?x7x4xf32>, tensor<8x8xf32>, tensor<8x6xf32>, tensor<8x4xf32>, tensor<1x1x8xf32>, tensor<1x1x8xf32>, tensor<8x8xf32>, i1)
      -> (tensor<3x5x8xf32>, tensor<3x5x9xf32>)
  esper.return %a : tensor<3x5x9xf32>
}

// CHECK-LABEL: esper.kernel @positions_first(
esper.kernel @positions_first(%x: tensor<5x?x8xf32>, %m: tensor<7x2x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) -> tensor<5x2x8xf32> {
  %t = esper.training ""
  // CHECK: need_weights = false, num_heads = 1 : i64} : {{.*}} -> tensor<5x2x8xf32>
  %y = esper.attention %x, %m, %m in_proj(%w) out_proj(%o) training %t
      {num_heads = 1 : i64, dropout = 0.0 : f64, batch_first = false, need_weights = false}
      : (tensor<5x?x8xf32>, tensor<7x2x8xf32>, tensor<7x2x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<5x2x8xf32>
  esper.return %y : tensor<5x2x8xf32>
}

// CHECK-LABEL: esper.kernel @causal_mask(
esper.kernel @causal_mask(%s: tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32> {
  // CHECK: esper.causal_mask %{{.*}} : tensor<?x2x?x?xf32>
  %0 = esper.causal_mask %s : tensor<?x2x?x?xf32>
  esper.return %0 : tensor<?x2x?x?xf32>
}

// CHECK-LABEL: esper.kernel @rotary_embedding(
esper.kernel @rotary_embedding(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  // CHECK: esper.rotary_embedding %{{.*}} {num_heads = 2 : i64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %0 = esper.rotary_embedding %x {num_heads = 2 : i64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  // CHECK: esper.rotary_embedding %{{.*}} {base = 5.000000e+02 : f64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %1 = esper.rotary_embedding %0 {base = 500.0 : f64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  esper.return %1 : tensor<?x?x8xf32>
}

// CHECK-LABEL: esper.kernel @sdpa(
esper.kernel @sdpa(%q: tensor<?x2x?x4xf32>, %k: tensor<?x2x?x4xf32>, %v: tensor<?x2x?x3xf32>) -> tensor<?x2x?x3xf32> {
  // CHECK: esper.sdpa %{{.*}}, %{{.*}}, %{{.*}} {causal = true, scale = 5.000000e-01 : f64}
  %0 = esper.sdpa %q, %k, %v {scale = 0.5 : f64, causal = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>, tensor<?x2x?x3xf32>) -> tensor<?x2x?x3xf32>
  esper.return %0 : tensor<?x2x?x3xf32>
}

// What the mask knows of sizes, the results know; the appended position is not in it.
// CHECK-LABEL: esper.kernel @masked(
esper.kernel @masked(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>, %m: tensor<3x1x5x5xf32>) -> (tensor<3x5x8xf32>, tensor<3x5x6xf32>) {
  %t = esper.training ""
  // CHECK: training %{{.*}} mask(%{{.*}}) {add_zero_attn = true,
  // CHECK-SAME: -> (tensor<3x5x8xf32>, tensor<3x5x6xf32>)
  %y, %a = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %t mask(%m)
      {num_heads = 2 : i64, dropout = 0.0 : f64, add_zero_attn = true}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1, tensor<3x1x5x5xf32>)
      -> (tensor<3x5x8xf32>, tensor<3x5x6xf32>)
  esper.return %y, %a : tensor<3x5x8xf32>, tensor<3x5x6xf32>
}
