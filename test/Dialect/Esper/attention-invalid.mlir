// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @attention_c1(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{query, key and value must have rank 3, found (?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c2(%q: tensor<2x?x8xf32>, %k: tensor<3x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{must agree, found query (2, ?, 8), key (3, ?, 8), value (?, ?, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<2x?x8xf32>, tensor<3x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c2(%q: tensor<?x?x8xf32>, %k: tensor<?x4x8xf32>, %v: tensor<?x5x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{must agree, found query (?, ?, 8), key (?, 4, 8), value (?, 5, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x4x8xf32>, tensor<?x5x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c3(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{num_heads (3) must be >= 1 and divide the last dimension of query (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 3 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c3(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{num_heads (0) must be >= 1 and divide the last dimension of query (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 0 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c3(%q: tensor<?x?x?xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x?xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{the last dimension of query must be known}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x?xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x?xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c4(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{either in_proj or all of q_proj, k_proj and v_proj must be given}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c4(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %p1: tensor<8x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{either in_proj or all of q_proj, k_proj and v_proj must be given}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) k_proj(%p1) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c5(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<16x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{in_proj_weight must have shape (24, 8), found (16, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<16x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c5(%q: tensor<?x?x8xf32>, %k: tensor<?x?x6xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{in_proj needs key and value of 8 features, found 6 and 8}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c5(%q: tensor<?x?x8xf32>, %k: tensor<?x?x6xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<8x8xf32>, %p1: tensor<8x8xf32>, %p2: tensor<8x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{k_proj_weight must have shape (8, 6), found (8, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v q_proj(%p0) k_proj(%p1) v_proj(%p2) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x6xf32>, tensor<?x?x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c6(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %p1: tensor<8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{in_proj_bias must have shape (24), found (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) in_bias(%p1) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c7(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %p1: tensor<1x1x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{bias_k and bias_v must both be given or both be absent}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) bias_k(%p1) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<1x1x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c7(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %p1: tensor<1x1x8xf32>, %p2: tensor<1x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{bias_v must have shape (1, 1, 8), found (1, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) bias_k(%p1) bias_v(%p2) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<1x1x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c8(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<6x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{out_proj_weight must have shape (8, 8), found (6, 8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<6x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c8(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>, %o1: tensor<6xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{out_proj_bias must have shape (8), found (6)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0, %o1) training %t {num_heads = 2 : i64, dropout = 0.0 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, tensor<6xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_c9(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{dropout must be in [0, 1], found 1.5}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 1.5 : f64} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @attention_weights(%q: tensor<?x?x8xf32>, %k: tensor<?x?x8xf32>, %v: tensor<?x?x8xf32>, %p0: tensor<24x8xf32>, %o0: tensor<8x8xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{are incompatible with return type(s)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %w = esper.attention %q, %k, %v in_proj(%p0) out_proj(%o0) training %t {num_heads = 2 : i64, dropout = 0.0 : f64, need_weights = false} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
  esper.return
}

// -----

esper.kernel @causal_mask_c1(%s: tensor<8xf32>) {
  // expected-error@+1 {{scores must have rank >= 2, found (8)}}
  %0 = esper.causal_mask %s : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @rotary_embedding_c1(%x: tensor<8xf32>) {
  // expected-error@+2 {{input must have rank >= 2 and a known last dimension, found (8)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.rotary_embedding %x : (tensor<8xf32>) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @rotary_embedding_c1(%x: tensor<?x?xf32>) {
  // expected-error@+2 {{input must have rank >= 2 and a known last dimension, found (?, ?)}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.rotary_embedding %x : (tensor<?x?xf32>) -> tensor<?x?xf32>
  esper.return
}

// -----

esper.kernel @rotary_embedding_c2(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{num_heads (8) must divide the last dimension (8) into heads of even size}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.rotary_embedding %x {num_heads = 8 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @rotary_embedding_c3(%x: tensor<?x8xf32>) {
  // expected-error@+2 {{base must be positive and finite, found 0.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = esper.rotary_embedding %x {base = 0.0 : f64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @sdpa_c1(%q: tensor<2x5x4xf32>, %k: tensor<3x5x4xf32>) {
  // expected-error @below {{query (2, 5, 4), key (3, 5, 4) and value (3, 5, 4) must have one rank >= 3 and equal leading dimensions}}
  // expected-error @below {{failed to infer returned types}}
  %y = "esper.sdpa"(%q, %k, %k) {scale = 1.0 : f64} : (tensor<2x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<2x5x4xf32>
  esper.return
}

// -----

esper.kernel @sdpa_c2(%q: tensor<2x5x4xf32>, %k: tensor<2x5x3xf32>) {
  // expected-error @below {{query has 4 features, key 3}}
  // expected-error @below {{failed to infer returned types}}
  %y = "esper.sdpa"(%q, %k, %k) {scale = 1.0 : f64} : (tensor<2x5x4xf32>, tensor<2x5x3xf32>, tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
  esper.return
}

// -----

esper.kernel @sdpa_c3(%q: tensor<2x5x4xf32>, %k: tensor<2x6x4xf32>) {
  // expected-error @below {{key has 6 positions, value 5}}
  // expected-error @below {{failed to infer returned types}}
  %y = "esper.sdpa"(%q, %k, %q) {scale = 1.0 : f64} : (tensor<2x5x4xf32>, tensor<2x6x4xf32>, tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  esper.return
}

// -----

esper.kernel @sdpa_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x5x4xf64>) {
  // expected-error @below {{the element types of query, key and value differ}}
  // expected-error @below {{failed to infer returned types}}
  %y = "esper.sdpa"(%q, %k, %k) {scale = 1.0 : f64} : (tensor<2x5x4xf32>, tensor<2x5x4xf64>, tensor<2x5x4xf64>) -> tensor<2x5x4xf32>
  esper.return
}

// -----

esper.kernel @attention_c10(%x: tensor<2x3x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>, %m: tensor<2x4x3x3xf32>) {
  %t = esper.training ""
  // expected-error @below {{mask must have sizes of 1 or of (2, 2, 3, 3) (batch, heads, queries, keys), found (2, 4, 3, 3)}}
  // expected-error @below {{failed to infer returned types}}
  %y, %a = "esper.attention"(%x, %x, %x, %w, %o, %t, %m) {num_heads = 2 : i64, dropout = 0.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1>}
      : (tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1, tensor<2x4x3x3xf32>) -> (tensor<2x3x8xf32>, tensor<2x3x3xf32>)
  esper.return
}

// -----

esper.kernel @attention_c10_rank(%x: tensor<2x3x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>, %m: tensor<3x3xf32>) {
  %t = esper.training ""
  // expected-error @below {{mask must have sizes of 1 or of (2, 2, 3, 3) (batch, heads, queries, keys), found (3, 3)}}
  // expected-error @below {{failed to infer returned types}}
  %y, %a = "esper.attention"(%x, %x, %x, %w, %o, %t, %m) {num_heads = 2 : i64, dropout = 0.0 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1>}
      : (tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<2x3x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1, tensor<3x3xf32>) -> (tensor<2x3x8xf32>, tensor<2x3x3xf32>)
  esper.return
}
