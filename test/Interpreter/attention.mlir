// REQUIRES: torch
// RUN: tez-opt %s %against_torch

// One product projects query, key and value.
esper.kernel @self_attention(%q: tensor<?x3x4xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x3xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %q, %q in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<?x3x4xf32>, tensor<?x3x3xf32>)
  esper.return %y, %a : tensor<?x3x4xf32>, tensor<?x3x3xf32>
}

esper.kernel @self_attention_causal(%q: tensor<?x3x4xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x3xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %q, %q in_proj(%in_proj_weight) out_proj(%ow, %ob) training %t
      {num_heads = 4 : i64, dropout = 0.000000e+00 : f64, causal = true}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<?x3x4xf32>, tensor<?x3x3xf32>)
  esper.return %y, %a : tensor<?x3x4xf32>, tensor<?x3x3xf32>
}

esper.kernel @self_attention_plain(%q: tensor<?x3x4xf32>) -> (tensor<?x3x4xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %y = esper.attention %q, %q, %q in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow) training %t
      {num_heads = 1 : i64, dropout = 0.000000e+00 : f64, need_weights = false}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, i1)
      -> tensor<?x3x4xf32>
  esper.return %y : tensor<?x3x4xf32>
}

// Three inputs, positions first.
esper.kernel @cross_attention(%q: tensor<3x?x4xf32>, %k: tensor<5x?x4xf32>, %v: tensor<5x?x4xf32>) -> (tensor<3x?x4xf32>, tensor<?x3x5xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %k, %v in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, batch_first = false}
      : (tensor<3x?x4xf32>, tensor<5x?x4xf32>, tensor<5x?x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<3x?x4xf32>, tensor<?x3x5xf32>)
  esper.return %y, %a : tensor<3x?x4xf32>, tensor<?x3x5xf32>
}

esper.kernel @cross_attention_causal(%q: tensor<?x3x4xf32>, %k: tensor<?x5x4xf32>, %v: tensor<?x5x4xf32>) -> (tensor<?x3x4xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y = esper.attention %q, %k, %v in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, causal = true, need_weights = false}
      : (tensor<?x3x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> tensor<?x3x4xf32>
  esper.return %y : tensor<?x3x4xf32>
}

// Key and value have widths of their own.
esper.kernel @separate_projections(%q: tensor<?x3x4xf32>, %k: tensor<?x5x3xf32>, %v: tensor<?x5x5xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x5xf32>) {
  %t = esper.training "attn"
  %q_proj_weight = esper.param "attn.q_proj_weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %k_proj_weight = esper.param "attn.k_proj_weight" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %v_proj_weight = esper.param "attn.v_proj_weight" <uniform, -0.7, 0.7> : tensor<4x5xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %k, %v q_proj(%q_proj_weight) k_proj(%k_proj_weight) v_proj(%v_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64}
      : (tensor<?x3x4xf32>, tensor<?x5x3xf32>, tensor<?x5x5xf32>, tensor<4x4xf32>, tensor<4x3xf32>, tensor<4x5xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<?x3x4xf32>, tensor<?x3x5xf32>)
  esper.return %y, %a : tensor<?x3x4xf32>, tensor<?x3x5xf32>
}

// Two more positions, which all queries see.
esper.kernel @appended_positions(%q: tensor<?x3x4xf32>, %k: tensor<?x5x4xf32>, %v: tensor<?x5x4xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x7xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %bias_k = esper.param "attn.bias_k" <uniform, -0.7, 0.7> : tensor<1x1x4xf32>
  %bias_v = esper.param "attn.bias_v" <uniform, -0.7, 0.7> : tensor<1x1x4xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %k, %v in_proj(%in_proj_weight) in_bias(%in_proj_bias) bias_k(%bias_k) bias_v(%bias_v) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, causal = true, add_zero_attn = true}
      : (tensor<?x3x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<?x3x4xf32>, tensor<?x3x7xf32>)
  esper.return %y, %a : tensor<?x3x4xf32>, tensor<?x3x7xf32>
}

esper.kernel @zero_position(%q: tensor<?x3x4xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x4xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %q, %q in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, add_zero_attn = true}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<?x3x4xf32>, tensor<?x3x4xf32>)
  esper.return %y, %a : tensor<?x3x4xf32>, tensor<?x3x4xf32>
}

// The weights that are returned have been dropped from.
esper.kernel @dropout(%q: tensor<?x3x4xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x3xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %a = esper.attention %q, %q, %q in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 4.000000e-01 : f64}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> (tensor<?x3x4xf32>, tensor<?x3x3xf32>)
  esper.return %y, %a : tensor<?x3x4xf32>, tensor<?x3x3xf32>
}

esper.kernel @dropout_causal(%q: tensor<?x3x4xf32>, %k: tensor<?x5x4xf32>, %v: tensor<?x5x4xf32>) -> (tensor<?x3x4xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %in_proj_bias = esper.param "attn.in_proj_bias" <uniform, -0.7, 0.7> : tensor<12xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %ob = esper.param "attn.out_proj.bias" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y = esper.attention %q, %k, %v in_proj(%in_proj_weight) in_bias(%in_proj_bias) out_proj(%ow, %ob) training %t
      {num_heads = 2 : i64, dropout = 4.000000e-01 : f64, causal = true, need_weights = false}
      : (tensor<?x3x4xf32>, tensor<?x5x4xf32>, tensor<?x5x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<4x4xf32>, tensor<4xf32>, i1)
      -> tensor<?x3x4xf32>
  esper.return %y : tensor<?x3x4xf32>
}

esper.kernel @causal_mask(%s: tensor<?x2x3x5xf32>, %v: tensor<4x4xf32>) -> (tensor<?x2x3x5xf32>, tensor<4x4xf32>, tensor<?x2x3x5xf32>) {
  %0 = esper.causal_mask %s : tensor<?x2x3x5xf32>
  %1 = esper.causal_mask %v : tensor<4x4xf32>
  %2 = esper.softmax %0 {dim = -1 : i64} : (tensor<?x2x3x5xf32>) -> tensor<?x2x3x5xf32>
  esper.return %0, %1, %2 : tensor<?x2x3x5xf32>, tensor<4x4xf32>, tensor<?x2x3x5xf32>
}

// Several heads, another base, no position but the first (angle 0), more leading dimensions.
esper.kernel @rotary_embedding(%x: tensor<?x?x8xf32>, %y: tensor<?x2x3x4xf32>, %z: tensor<1x6xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x2x3x4xf32>, tensor<1x6xf32>) {
  %0 = esper.rotary_embedding %x : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %1 = esper.rotary_embedding %x {base = 100.0 : f64, num_heads = 2 : i64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %2 = esper.rotary_embedding %y {num_heads = 2 : i64} : (tensor<?x2x3x4xf32>) -> tensor<?x2x3x4xf32>
  %3 = esper.rotary_embedding %z : (tensor<1x6xf32>) -> tensor<1x6xf32>
  esper.return %0, %1, %2, %3 : tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x2x3x4xf32>, tensor<1x6xf32>
}

// Alone, with a mask, and with values of another width.
esper.kernel @sdpa(%q: tensor<?x2x3x4xf32>, %k: tensor<?x2x5x4xf32>, %v: tensor<?x2x5x6xf32>) -> (tensor<?x2x3x6xf32>, tensor<?x2x3x4xf32>) {
  %0 = esper.sdpa %q, %k, %v {scale = 0.5 : f64} : (tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x6xf32>) -> tensor<?x2x3x6xf32>
  %1 = esper.sdpa %q, %k, %k {scale = 0.25 : f64, causal = true} : (tensor<?x2x3x4xf32>, tensor<?x2x5x4xf32>, tensor<?x2x5x4xf32>) -> tensor<?x2x3x4xf32>
  esper.return %0, %1 : tensor<?x2x3x6xf32>, tensor<?x2x3x4xf32>
}

// A mask of one head for both, with an appended position, which it has no number for.
esper.kernel @attention_masked(%q: tensor<?x3x4xf32>, %m: tensor<?x1x3x3xf32>, %n: tensor<1x2x1x1xf32>) -> (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>) {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %y, %a = esper.attention %q, %q, %q in_proj(%in_proj_weight) out_proj(%ow) training %t mask(%m)
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, add_zero_attn = true}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<4x4xf32>, i1, tensor<?x1x3x3xf32>)
      -> (tensor<?x3x4xf32>, tensor<?x3x4xf32>)
  %z, %b = esper.attention %q, %q, %q in_proj(%in_proj_weight) out_proj(%ow) training %t mask(%n)
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, add_zero_attn = true}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<4x4xf32>, i1, tensor<1x2x1x1xf32>)
      -> (tensor<?x3x4xf32>, tensor<?x3x4xf32>)
  esper.return %y, %a, %z : tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>
}

// Without weights a query that sees nothing has zeros: here about half of the keys are hidden, and
// sometimes all three.
esper.kernel @attention_blind(%q: tensor<?x3x4xf32>, %h: tensor<?x1x3x3xf32>) -> tensor<?x3x4xf32> {
  %t = esper.training "attn"
  %in_proj_weight = esper.param "attn.in_proj_weight" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %ow = esper.param "attn.out_proj.weight" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %zero = esper.full %h {value = 0.0 : f64, shape = array<i64>} : (tensor<?x1x3x3xf32>) -> tensor<f32>
  %hidden = esper.full %h {value = 0xFFF0000000000000 : f64, shape = array<i64>} : (tensor<?x1x3x3xf32>) -> tensor<f32>
  %c = esper.compare gt %h, %zero : (tensor<?x1x3x3xf32>, tensor<f32>) -> tensor<?x1x3x3xi1>
  %m = esper.where %c, %hidden, %zero : (tensor<?x1x3x3xi1>, tensor<f32>, tensor<f32>) -> tensor<?x1x3x3xf32>
  %y = esper.attention %q, %q, %q in_proj(%in_proj_weight) out_proj(%ow) training %t mask(%m)
      {num_heads = 2 : i64, dropout = 0.000000e+00 : f64, need_weights = false}
      : (tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<?x3x4xf32>, tensor<12x4xf32>, tensor<4x4xf32>, i1, tensor<?x1x3x3xf32>)
      -> tensor<?x3x4xf32>
  esper.return %y : tensor<?x3x4xf32>
}
