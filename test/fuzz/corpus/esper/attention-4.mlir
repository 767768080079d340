esper.kernel @separate(%q: tensor<?x5x8xf32>, %k: tensor<3x7x6xf32>, %v: tensor<?x7x4xf32>, %wq: tensor<8x8xf32>, %wk: tensor<8x6xf32>, %wv: tensor<8x4xf32>, %bk: tensor<1x1x8xf32>, %bv: tensor<1x1x8xf32>, %o: tensor<8x8xf32>) -> tensor<3x5x9xf32> {
  %t = esper.training "attn"
  %y, %a = esper.attention %q, %k, %v q_proj(%wq) k_proj(%wk) v_proj(%wv) bias_k(%bk) bias_v(%bv) out_proj(%o) training %t
      {num_heads = 4 : i64, dropout = 0.0 : f64, add_zero_attn = true}
      : (tensor<?x5x8xf32>, tensor<3x7x6xf32>, tensor<?x7x4xf32>, tensor<8x8xf32>, tensor<8x6xf32>, tensor<8x4xf32>, tensor<1x1x8xf32>, tensor<1x1x8xf32>, tensor<8x8xf32>, i1)
      -> (tensor<3x5x8xf32>, tensor<3x5x9xf32>)
  esper.return %a : tensor<3x5x9xf32>
}
