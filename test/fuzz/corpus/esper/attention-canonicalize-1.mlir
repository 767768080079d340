esper.kernel @dropout_that_hosts_switch(%x: tensor<?x?x8xf32>, %w: tensor<24x8xf32>, %o: tensor<8x8xf32>) -> tensor<?x?x8xf32> {
  %t = esper.training ""
  %y = esper.attention %x, %x, %x in_proj(%w) out_proj(%o) training %t {num_heads = 2 : i64, dropout = 0.5 : f64, need_weights = false}
      : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>, tensor<8x8xf32>, i1) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}
