esper.kernel @lstm_projected(%x: tensor<?x5x3xf32>, %i0: tensor<16x3xf32>, %i1: tensor<16x4xf32>, %h: tensor<16x2xf32>, %r: tensor<2x4xf32>) -> tensor<?x5x4xf32> {
  %t = esper.training ""
  %y, %hn, %cn = esper.lstm %x training %t weights(%i0, %h, %r, %i0, %h, %r, %i1, %h, %r, %i1, %h, %r)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = false, dropout = 0.5 : f64, bidirectional = true, proj_size = 2 : i64}
      : (tensor<?x5x3xf32>, i1, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x4xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x4xf32>, tensor<16x2xf32>, tensor<2x4xf32>)
      -> (tensor<?x5x4xf32>, tensor<4x5x2xf32>, tensor<4x5x4xf32>)
  esper.return %y : tensor<?x5x4xf32>
}
