esper.kernel @cells(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>, %i4: tensor<16x3xf32>, %h4: tensor<16x4xf32>, %i3: tensor<12x3xf32>, %h3: tensor<12x4xf32>, %b3: tensor<12xf32>, %i1: tensor<4x3xf32>, %h1: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0, %c = esper.lstm_cell %x h(%h) c(%h) w_ih(%i4) w_hh(%h4) : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  %1 = esper.gru_cell %x w_ih(%i3) w_hh(%h3) b_ih(%b3) b_hh(%b3) : (tensor<?x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>) -> tensor<?x4xf32>
  %2 = esper.rnn_cell %x w_ih(%i1) w_hh(%h1) {nonlinearity = "relu"} : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}
