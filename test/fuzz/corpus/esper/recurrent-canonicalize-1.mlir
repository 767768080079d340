esper.kernel @unread(%x: tensor<?x?x3xf32>, %i: tensor<4x3xf32>, %h: tensor<4x4xf32>) {
  %t = esper.training ""
  %y, %hn = esper.rnn %x training %t weights(%i, %h, %h, %h)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.5 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<2x?x4xf32>)
  %z, %zn = esper.rnn %x training %t weights(%i, %h)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.5 : f64, bidirectional = false}
      : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}
