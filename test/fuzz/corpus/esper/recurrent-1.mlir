esper.kernel @rnn(%x: tensor<?x?x3xf32>, %wi: tensor<4x3xf32>, %wh: tensor<4x4xf32>) -> tensor<?x?x4xf32> {
  %t = esper.training ""
  %y, %hn = esper.rnn %x training %t weights(%wi, %wh)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false, nonlinearity = "relu"}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %y : tensor<?x?x4xf32>
}
