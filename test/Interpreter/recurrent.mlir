// REQUIRES: torch
// RUN: tez-opt %s %against_torch

esper.kernel @lstm(%x: tensor<?x5x3xf32>)
    -> (tensor<?x5x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<16xf32>
  %y, %hn, %cn = esper.lstm %x training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = true, batch_first = true, dropout = 0.000000e+00 : f64, bidirectional = false}
      : (tensor<?x5x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>)
      -> (tensor<?x5x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %y, %hn, %cn : tensor<?x5x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>
}

// Two layers, two directions, positions first, a state from outside.
esper.kernel @lstm_deep(%x: tensor<5x?x3xf32>, %h: tensor<4x?x4xf32>, %c: tensor<4x?x4xf32>)
    -> (tensor<5x?x8xf32>, tensor<4x?x4xf32>, tensor<4x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<16xf32>
  %weight_ih_l0_reverse = esper.param "weight_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %weight_hh_l0_reverse = esper.param "weight_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l0_reverse = esper.param "bias_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l0_reverse = esper.param "bias_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<16xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<16x8xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l1 = esper.param "bias_ih_l1" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l1 = esper.param "bias_hh_l1" <uniform, -0.7, 0.7> : tensor<16xf32>
  %weight_ih_l1_reverse = esper.param "weight_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<16x8xf32>
  %weight_hh_l1_reverse = esper.param "weight_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l1_reverse = esper.param "bias_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l1_reverse = esper.param "bias_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<16xf32>
  %y, %hn, %cn = esper.lstm %x h0(%h) c0(%c) training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0, %weight_ih_l0_reverse, %weight_hh_l0_reverse, %bias_ih_l0_reverse, %bias_hh_l0_reverse, %weight_ih_l1, %weight_hh_l1, %bias_ih_l1, %bias_hh_l1, %weight_ih_l1_reverse, %weight_hh_l1_reverse, %bias_ih_l1_reverse, %bias_hh_l1_reverse)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = true, batch_first = false, dropout = 0.000000e+00 : f64, bidirectional = true}
      : (tensor<5x?x3xf32>, tensor<4x?x4xf32>, tensor<4x?x4xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x8xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x8xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>)
      -> (tensor<5x?x8xf32>, tensor<4x?x4xf32>, tensor<4x?x4xf32>)
  esper.return %y, %hn, %cn : tensor<5x?x8xf32>, tensor<4x?x4xf32>, tensor<4x?x4xf32>
}

// The state that is fed back is narrower than the cell.
esper.kernel @lstm_projected(%x: tensor<?x5x3xf32>)
    -> (tensor<?x5x4xf32>, tensor<4x?x2xf32>, tensor<4x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<16x2xf32>
  %weight_hr_l0 = esper.param "weight_hr_l0" <uniform, -0.7, 0.7> : tensor<2x4xf32>
  %weight_ih_l0_reverse = esper.param "weight_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %weight_hh_l0_reverse = esper.param "weight_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<16x2xf32>
  %weight_hr_l0_reverse = esper.param "weight_hr_l0_reverse" <uniform, -0.7, 0.7> : tensor<2x4xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<16x2xf32>
  %weight_hr_l1 = esper.param "weight_hr_l1" <uniform, -0.7, 0.7> : tensor<2x4xf32>
  %weight_ih_l1_reverse = esper.param "weight_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %weight_hh_l1_reverse = esper.param "weight_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<16x2xf32>
  %weight_hr_l1_reverse = esper.param "weight_hr_l1_reverse" <uniform, -0.7, 0.7> : tensor<2x4xf32>
  %y, %hn, %cn = esper.lstm %x training %t weights(%weight_ih_l0, %weight_hh_l0, %weight_hr_l0, %weight_ih_l0_reverse, %weight_hh_l0_reverse, %weight_hr_l0_reverse, %weight_ih_l1, %weight_hh_l1, %weight_hr_l1, %weight_ih_l1_reverse, %weight_hh_l1_reverse, %weight_hr_l1_reverse)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.000000e+00 : f64, bidirectional = true, proj_size = 2 : i64}
      : (tensor<?x5x3xf32>, i1, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x3xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x4xf32>, tensor<16x2xf32>, tensor<2x4xf32>, tensor<16x4xf32>, tensor<16x2xf32>, tensor<2x4xf32>)
      -> (tensor<?x5x4xf32>, tensor<4x?x2xf32>, tensor<4x?x4xf32>)
  esper.return %y, %hn, %cn : tensor<?x5x4xf32>, tensor<4x?x2xf32>, tensor<4x?x4xf32>
}

// Dropout between the layers, in training.
esper.kernel @lstm_dropout(%x: tensor<?x5x3xf32>)
    -> (tensor<?x5x4xf32>, tensor<3x?x4xf32>, tensor<3x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<16xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l1 = esper.param "bias_ih_l1" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l1 = esper.param "bias_hh_l1" <uniform, -0.7, 0.7> : tensor<16xf32>
  %weight_ih_l2 = esper.param "weight_ih_l2" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %weight_hh_l2 = esper.param "weight_hh_l2" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bias_ih_l2 = esper.param "bias_ih_l2" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bias_hh_l2 = esper.param "bias_hh_l2" <uniform, -0.7, 0.7> : tensor<16xf32>
  %y, %hn, %cn = esper.lstm %x training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0, %weight_ih_l1, %weight_hh_l1, %bias_ih_l1, %bias_hh_l1, %weight_ih_l2, %weight_hh_l2, %bias_ih_l2, %bias_hh_l2)
      {hidden_size = 4 : i64, num_layers = 3 : i64, bias = true, batch_first = true, dropout = 4.000000e-01 : f64, bidirectional = false}
      : (tensor<?x5x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x4xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16x4xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>)
      -> (tensor<?x5x4xf32>, tensor<3x?x4xf32>, tensor<3x?x4xf32>)
  esper.return %y, %hn, %cn : tensor<?x5x4xf32>, tensor<3x?x4xf32>, tensor<3x?x4xf32>
}

esper.kernel @gru(%x: tensor<?x5x3xf32>)
    -> (tensor<?x5x4xf32>, tensor<1x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<12x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<12xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<12xf32>
  %y, %hn = esper.gru %x training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = true, batch_first = true, dropout = 0.000000e+00 : f64, bidirectional = false}
      : (tensor<?x5x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>)
      -> (tensor<?x5x4xf32>, tensor<1x?x4xf32>)
  esper.return %y, %hn : tensor<?x5x4xf32>, tensor<1x?x4xf32>
}

esper.kernel @gru_deep(%x: tensor<5x?x3xf32>, %h: tensor<4x?x4xf32>)
    -> (tensor<5x?x8xf32>, tensor<4x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<12x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %weight_ih_l0_reverse = esper.param "weight_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<12x3xf32>
  %weight_hh_l0_reverse = esper.param "weight_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<12x8xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %weight_ih_l1_reverse = esper.param "weight_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<12x8xf32>
  %weight_hh_l1_reverse = esper.param "weight_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %y, %hn = esper.gru %x h0(%h) training %t weights(%weight_ih_l0, %weight_hh_l0, %weight_ih_l0_reverse, %weight_hh_l0_reverse, %weight_ih_l1, %weight_hh_l1, %weight_ih_l1_reverse, %weight_hh_l1_reverse)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = false, dropout = 0.000000e+00 : f64, bidirectional = true}
      : (tensor<5x?x3xf32>, tensor<4x?x4xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12x8xf32>, tensor<12x4xf32>, tensor<12x8xf32>, tensor<12x4xf32>)
      -> (tensor<5x?x8xf32>, tensor<4x?x4xf32>)
  esper.return %y, %hn : tensor<5x?x8xf32>, tensor<4x?x4xf32>
}

// Everything is dropped: the second layer sees zeros.
esper.kernel @gru_dropout(%x: tensor<?x5x3xf32>)
    -> (tensor<?x5x4xf32>, tensor<2x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<12x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<12xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<12xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %bias_ih_l1 = esper.param "bias_ih_l1" <uniform, -0.7, 0.7> : tensor<12xf32>
  %bias_hh_l1 = esper.param "bias_hh_l1" <uniform, -0.7, 0.7> : tensor<12xf32>
  %y, %hn = esper.gru %x training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0, %weight_ih_l1, %weight_hh_l1, %bias_ih_l1, %bias_hh_l1)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = true, batch_first = true, dropout = 1.000000e+00 : f64, bidirectional = false}
      : (tensor<?x5x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12x4xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>)
      -> (tensor<?x5x4xf32>, tensor<2x?x4xf32>)
  esper.return %y, %hn : tensor<?x5x4xf32>, tensor<2x?x4xf32>
}

esper.kernel @rnn(%x: tensor<?x5x3xf32>)
    -> (tensor<?x5x8xf32>, tensor<4x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<4xf32>
  %weight_ih_l0_reverse = esper.param "weight_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %weight_hh_l0_reverse = esper.param "weight_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l0_reverse = esper.param "bias_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l0_reverse = esper.param "bias_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<4x8xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l1 = esper.param "bias_ih_l1" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l1 = esper.param "bias_hh_l1" <uniform, -0.7, 0.7> : tensor<4xf32>
  %weight_ih_l1_reverse = esper.param "weight_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<4x8xf32>
  %weight_hh_l1_reverse = esper.param "weight_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l1_reverse = esper.param "bias_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l1_reverse = esper.param "bias_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %hn = esper.rnn %x training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0, %weight_ih_l0_reverse, %weight_hh_l0_reverse, %bias_ih_l0_reverse, %bias_hh_l0_reverse, %weight_ih_l1, %weight_hh_l1, %bias_ih_l1, %bias_hh_l1, %weight_ih_l1_reverse, %weight_hh_l1_reverse, %bias_ih_l1_reverse, %bias_hh_l1_reverse)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = true, batch_first = true, dropout = 0.000000e+00 : f64, bidirectional = true, nonlinearity = "tanh"}
      : (tensor<?x5x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4x8xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4x8xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>)
      -> (tensor<?x5x8xf32>, tensor<4x?x4xf32>)
  esper.return %y, %hn : tensor<?x5x8xf32>, tensor<4x?x4xf32>
}

esper.kernel @rnn_relu(%x: tensor<5x?x3xf32>, %h: tensor<1x?x4xf32>)
    -> (tensor<5x?x4xf32>, tensor<1x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %y, %hn = esper.rnn %x h0(%h) training %t weights(%weight_ih_l0, %weight_hh_l0)
      {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = false, dropout = 0.000000e+00 : f64, bidirectional = false, nonlinearity = "relu"}
      : (tensor<5x?x3xf32>, tensor<1x?x4xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>)
      -> (tensor<5x?x4xf32>, tensor<1x?x4xf32>)
  esper.return %y, %hn : tensor<5x?x4xf32>, tensor<1x?x4xf32>
}

esper.kernel @rnn_dropout(%x: tensor<5x?x3xf32>)
    -> (tensor<5x?x8xf32>, tensor<4x?x4xf32>) {
  %t = esper.training ""
  %weight_ih_l0 = esper.param "weight_ih_l0" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %weight_hh_l0 = esper.param "weight_hh_l0" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l0 = esper.param "bias_ih_l0" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l0 = esper.param "bias_hh_l0" <uniform, -0.7, 0.7> : tensor<4xf32>
  %weight_ih_l0_reverse = esper.param "weight_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %weight_hh_l0_reverse = esper.param "weight_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l0_reverse = esper.param "bias_ih_l0_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l0_reverse = esper.param "bias_hh_l0_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %weight_ih_l1 = esper.param "weight_ih_l1" <uniform, -0.7, 0.7> : tensor<4x8xf32>
  %weight_hh_l1 = esper.param "weight_hh_l1" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l1 = esper.param "bias_ih_l1" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l1 = esper.param "bias_hh_l1" <uniform, -0.7, 0.7> : tensor<4xf32>
  %weight_ih_l1_reverse = esper.param "weight_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<4x8xf32>
  %weight_hh_l1_reverse = esper.param "weight_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bias_ih_l1_reverse = esper.param "bias_ih_l1_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bias_hh_l1_reverse = esper.param "bias_hh_l1_reverse" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y, %hn = esper.rnn %x training %t weights(%weight_ih_l0, %weight_hh_l0, %bias_ih_l0, %bias_hh_l0, %weight_ih_l0_reverse, %weight_hh_l0_reverse, %bias_ih_l0_reverse, %bias_hh_l0_reverse, %weight_ih_l1, %weight_hh_l1, %bias_ih_l1, %bias_hh_l1, %weight_ih_l1_reverse, %weight_hh_l1_reverse, %bias_ih_l1_reverse, %bias_hh_l1_reverse)
      {hidden_size = 4 : i64, num_layers = 2 : i64, bias = true, batch_first = false, dropout = 3.000000e-01 : f64, bidirectional = true, nonlinearity = "relu"}
      : (tensor<5x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4x8xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4x8xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>)
      -> (tensor<5x?x8xf32>, tensor<4x?x4xf32>)
  esper.return %y, %hn : tensor<5x?x8xf32>, tensor<4x?x4xf32>
}

esper.kernel @lstm_cell(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>, %c: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %bi = esper.param "bias_ih" <uniform, -0.7, 0.7> : tensor<16xf32>
  %bh = esper.param "bias_hh" <uniform, -0.7, 0.7> : tensor<16xf32>
  %y, %z = esper.lstm_cell %x h(%h) c(%c) w_ih(%wi) w_hh(%wh) b_ih(%bi) b_hh(%bh)
      : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<16xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return %y, %z : tensor<?x4xf32>, tensor<?x4xf32>
}

esper.kernel @lstm_cell_bare(%x: tensor<?x3xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<16x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<16x4xf32>
  %y, %z = esper.lstm_cell %x w_ih(%wi) w_hh(%wh)
      : (tensor<?x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return %y, %z : tensor<?x4xf32>, tensor<?x4xf32>
}

esper.kernel @gru_cell(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>) -> (tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<12x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %bi = esper.param "bias_ih" <uniform, -0.7, 0.7> : tensor<12xf32>
  %bh = esper.param "bias_hh" <uniform, -0.7, 0.7> : tensor<12xf32>
  %y = esper.gru_cell %x h(%h) w_ih(%wi) w_hh(%wh) b_ih(%bi) b_hh(%bh)
      : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<12xf32>) -> (tensor<?x4xf32>)
  esper.return %y : tensor<?x4xf32>
}

esper.kernel @gru_cell_bare(%x: tensor<?x3xf32>) -> (tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<12x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<12x4xf32>
  %y = esper.gru_cell %x w_ih(%wi) w_hh(%wh)
      : (tensor<?x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x4xf32>)
  esper.return %y : tensor<?x4xf32>
}

esper.kernel @rnn_cell(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>) -> (tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bi = esper.param "bias_ih" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bh = esper.param "bias_hh" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y = esper.rnn_cell %x h(%h) w_ih(%wi) w_hh(%wh) b_ih(%bi) b_hh(%bh) {nonlinearity = "tanh"}
      : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4xf32>)
  esper.return %y : tensor<?x4xf32>
}

esper.kernel @rnn_cell_relu(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>) -> (tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %bi = esper.param "bias_ih" <uniform, -0.7, 0.7> : tensor<4xf32>
  %bh = esper.param "bias_hh" <uniform, -0.7, 0.7> : tensor<4xf32>
  %y = esper.rnn_cell %x h(%h) w_ih(%wi) w_hh(%wh) b_ih(%bi) b_hh(%bh) {nonlinearity = "relu"}
      : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<?x4xf32>)
  esper.return %y : tensor<?x4xf32>
}

esper.kernel @rnn_cell_bare(%x: tensor<?x3xf32>) -> (tensor<?x4xf32>) {
  %wi = esper.param "weight_ih" <uniform, -0.7, 0.7> : tensor<4x3xf32>
  %wh = esper.param "weight_hh" <uniform, -0.7, 0.7> : tensor<4x4xf32>
  %y = esper.rnn_cell %x w_ih(%wi) w_hh(%wh) {nonlinearity = "tanh"}
      : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x4xf32>)
  esper.return %y : tensor<?x4xf32>
}
