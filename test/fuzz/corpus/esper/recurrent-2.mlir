esper.kernel @gru(%x: tensor<?x?x3xf32>, %h: tensor<2x?x4xf32>, %wi: tensor<12x3xf32>, %wh: tensor<12x4xf32>) -> tensor<?x?x8xf32> {
  %t = esper.training ""
  %y, %hn = esper.gru %x h0(%h) training %t weights(%wi, %wh, %wi, %wh)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = true}
      : (tensor<?x?x3xf32>, tensor<2x?x4xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x8xf32>, tensor<2x?x4xf32>)
  esper.return %y : tensor<?x?x8xf32>
}
