// RUN: tez-opt --esper-decompose-composites %s | FileCheck %s

// Self-attention is one product; the mask comes before the softmax, dropout after it.
// CHECK-LABEL: esper.kernel @self_attention(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x?x8xf32>
esper.kernel @self_attention(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %b: tensor<24xf32>, %v: tensor<8x8xf32>, %c: tensor<8xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>) {
  // CHECK:      %[[T:.*]] = esper.training "attn"
  // CHECK-NEXT: %[[P:.*]] = esper.linear %[[X]],
  // CHECK-NEXT: %[[QKV:.*]]:3 = esper.split %[[P]]
  // CHECK-NEXT: esper.unflatten %[[QKV]]#0 {dim = -1 : i64, sizes = array<i64: 2, 4>}
  // CHECK-NEXT: %[[Q:.*]] = esper.transpose
  // CHECK-NEXT: esper.unflatten %[[QKV]]#1
  // CHECK-NEXT: %[[K:.*]] = esper.transpose
  // CHECK-NEXT: %[[S:.*]] = esper.scale %[[Q]], 5.000000e-01
  // CHECK-NEXT: %[[KT:.*]] = esper.transpose %[[K]] {dim0 = -2 : i64, dim1 = -1 : i64}
  // CHECK-NEXT: %[[SCORES:.*]] = esper.matmul %[[S]], %[[KT]]
  // CHECK-NEXT: %[[MASKED:.*]] = esper.causal_mask %[[SCORES]]
  // CHECK-NEXT: %[[SOFT:.*]] = esper.softmax %[[MASKED]]
  // CHECK-NEXT: %[[DROP:.*]] = esper.dropout {{.*}} %[[SOFT]], %[[T]]
  // CHECK-NEXT: esper.unflatten %[[QKV]]#2
  // CHECK-NEXT: %[[V:.*]] = esper.transpose
  // CHECK-NEXT: esper.matmul %[[DROP]], %[[V]]
  // CHECK-NEXT: esper.permute %{{.*}} {dims = array<i64: 2, 0, 1, 3>}
  // CHECK-NEXT: %[[J:.*]] = esper.flatten
  // CHECK-NEXT: %[[Z:.*]] = esper.linear %[[J]],
  // CHECK-NEXT: %[[Y:.*]] = esper.transpose %[[Z]] {dim0 = 0 : i64, dim1 = 1 : i64}
  // CHECK-NEXT: %[[A:.*]] = esper.reduce %[[DROP]] {dims = array<i64: -3>, kind = #esper<reduce_kind mean>}
  // CHECK-NEXT: esper.return %[[Y]], %[[A]]
  %t = esper.training "attn"
  %y, %a = esper.attention %x, %x, %x in_proj(%w) in_bias(%b) out_proj(%v, %c) training %t
      {num_heads = 2 : i64, dropout = 0.1 : f64, causal = true}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, i1)
      -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return %y, %a : tensor<?x?x8xf32>, tensor<?x?x?xf32>
}

// Key and value are one: two products. Positions first: exchanged before; after, they come so.
// CHECK-LABEL: esper.kernel @memory_attention(
esper.kernel @memory_attention(%x: tensor<5x?x8xf32>, %m: tensor<7x2x8xf32>, %w: tensor<24x8xf32>, %b: tensor<24xf32>, %o: tensor<8x8xf32>) -> tensor<5x2x8xf32> {
  // CHECK:         esper.split %{{.*}} {dim = 0 : i64, sizes = array<i64: 8, 16>} : (tensor<24x8xf32>)
  // CHECK:         esper.split %{{.*}} {dim = 0 : i64, sizes = array<i64: 8, 16>} : (tensor<24xf32>)
  // CHECK-COUNT-2: esper.linear
  // CHECK-NOT:     esper.linear
  // CHECK:         esper.split
  // CHECK-COUNT-3: esper.transpose %{{.*}} {dim0 = 0 : i64, dim1 = 1 : i64}
  // CHECK-NOT:     esper.dropout
  // CHECK:         %[[Y:.*]] = esper.linear
  // CHECK-NEXT:    esper.return %[[Y]] : tensor<5x2x8xf32>
  %t = esper.training ""
  %y = esper.attention %x, %m, %m in_proj(%w) in_bias(%b) out_proj(%o) training %t
      {num_heads = 1 : i64, dropout = 0.0 : f64, batch_first = false, need_weights = false}
      : (tensor<5x?x8xf32>, tensor<7x2x8xf32>, tensor<7x2x8xf32>, tensor<24x8xf32>, tensor<24xf32>, tensor<8x8xf32>, i1) -> tensor<5x2x8xf32>
  esper.return %y : tensor<5x2x8xf32>
}

// Two positions are appended, and the causal mask leaves them alone.
// CHECK-LABEL: esper.kernel @appended_positions(
esper.kernel @appended_positions(%q: tensor<?x?x8xf32>, %k: tensor<?x?x6xf32>, %wq: tensor<8x8xf32>, %wk: tensor<8x6xf32>, %b: tensor<1x1x8xf32>, %o: tensor<8x8xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>) {
  // CHECK-COUNT-3: esper.linear
  // CHECK:         esper.expand_as
  // CHECK-NEXT:    %[[K:.*]] = esper.concat {{.*}} {dim = 1 : i64}
  // CHECK:         esper.expand_as
  // CHECK-NEXT:    %[[V:.*]] = esper.concat {{.*}} {dim = 1 : i64}
  // CHECK-NEXT:    esper.pad %[[K]] {mode = #esper<pad_mode constant>, pads = array<i64: 0, 0, 0, 1>}
  // CHECK-NEXT:    esper.pad %[[V]]
  // CHECK:         %[[S:.*]] = esper.matmul
  // CHECK-NEXT:    %[[OWN:.*]] = esper.slice %[[S]] {dim = -1 : i64, end = -2 : i64, start = 0 : i64}
  // CHECK-NEXT:    %[[M:.*]] = esper.causal_mask %[[OWN]]
  // CHECK-NEXT:    %[[MORE:.*]] = esper.slice %[[S]] {dim = -1 : i64, start = -2 : i64}
  // CHECK-NEXT:    esper.concat %[[M]], %[[MORE]] {dim = -1 : i64}
  // CHECK-NEXT:    esper.softmax
  %t = esper.training ""
  %y, %a = esper.attention %q, %k, %k q_proj(%wq) k_proj(%wk) v_proj(%wk) bias_k(%b) bias_v(%b) out_proj(%o) training %t
      {num_heads = 2 : i64, dropout = 0.0 : f64, causal = true, add_zero_attn = true}
      : (tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<?x?x6xf32>, tensor<8x8xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<1x1x8xf32>, tensor<1x1x8xf32>, tensor<8x8xf32>, i1)
      -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return %y, %a : tensor<?x?x8xf32>, tensor<?x?x?xf32>
}

// CHECK-LABEL: esper.kernel @mixture(
// CHECK-SAME:    %[[L:[^:]*]]: tensor<?x2xf32>
esper.kernel @mixture(%l: tensor<?x2xf32>, %a: tensor<?x8xf32>, %b: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<f32>) {
  // CHECK-NEXT: %[[V:[^,]*]], %[[I:.*]] = esper.topk %[[L]] {k = 1 : i64}
  // CHECK-NEXT: %[[G:.*]] = esper.softmax %[[V]]
  // CHECK-NEXT: %[[R:.*]] = esper.unsqueeze %[[G]] {dim = -2 : i64}
  // CHECK-NEXT: %[[H:.*]] = esper.one_hot %[[I]] {num_classes = 2 : i64}
  // CHECK-NEXT: %[[F:.*]] = esper.type_as %[[H]], %[[G]]
  // CHECK-NEXT: %[[W:.*]] = esper.matmul %[[R]], %[[F]]
  // CHECK:      %[[E:.*]] = esper.concat {{.*}} {dim = -2 : i64}
  // CHECK-NEXT: %[[M:.*]] = esper.matmul %[[W]], %[[E]]
  // CHECK-NEXT: %[[Y:.*]] = esper.squeeze %[[M]] {dim = -2 : i64}
  %g, %i = esper.topk_gating %l {k = 1 : i64} : (tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xi64>)
  %y = esper.moe_combine %g, %i experts(%a, %b) {num_experts = 2 : i64, top_k = 1 : i64}
      : (tensor<?x1xf32>, tensor<?x1xi64>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  // CHECK-NEXT: %[[P:.*]] = esper.softmax %[[L]]
  // CHECK-NEXT: %[[N:.*]] = esper.reduce %[[P]] {dims = array<i64: 0>, kind = #esper<reduce_kind mean>}
  // CHECK-NEXT: %[[D:.*]] = esper.reduce %[[N]] {kind = #esper<reduce_kind var>}
  // CHECK-NEXT: %[[Z:.*]] = esper.scale %[[D]], 1.000000e-02
  %z = esper.moe_aux_loss %l {loss_coef = 0.01 : f64} : (tensor<?x2xf32>) -> tensor<f32>
  // CHECK-NEXT: esper.return %[[Y]], %[[Z]]
  esper.return %y, %z : tensor<?x8xf32>, tensor<f32>
}

// One weight for each expert: nothing to look up. A single token: nothing to average.
// CHECK-LABEL: esper.kernel @dense_mixture(
esper.kernel @dense_mixture(%l: tensor<2xf32>, %a: tensor<8xf32>, %b: tensor<8xf32>) -> (tensor<8xf32>, tensor<f32>) {
  // CHECK-NOT: esper.one_hot
  // CHECK-NOT: reduce_kind mean
  // CHECK:     esper.return
  %y = esper.moe_combine %l experts(%a, %b) {num_experts = 2 : i64, top_k = 2 : i64}
      : (tensor<2xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %z = esper.moe_aux_loss %l {loss_coef = 0.01 : f64} : (tensor<2xf32>) -> tensor<f32>
  esper.return %y, %z : tensor<8xf32>, tensor<f32>
}

// Primitives, state and modes stay as they are, unread ones too.
// CHECK-LABEL: esper.kernel @kept_primitives(
esper.kernel @kept_primitives(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK-NEXT: esper.training
  // CHECK-NEXT: esper.param
  // CHECK-NEXT: esper.linear
  // CHECK-NEXT: esper.softmax
  // CHECK-NEXT: esper.return
  %t = esper.training ""
  %w = esper.param "weight" <constant, 0.0> : tensor<4x4xf32>
  %0 = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %1 = esper.softmax %0 {dim = -1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}
