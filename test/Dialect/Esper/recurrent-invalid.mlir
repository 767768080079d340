// RUN: tez-opt %s --split-input-file --verify-diagnostics

esper.kernel @lstm_c1(%x: tensor<?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{input must have rank 3 and a known last dimension, found (?, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c1(%x: tensor<?x0x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{input must have at least one position, found (?, 0, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x0x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c2(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{hidden_size and num_layers must be >= 1, found 0 and 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 0 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c2(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{hidden_size (4611686018427387904) does not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4611686018427387904 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c3(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{2 layers of 1 directions take 2 weights for each direction, found 2 in all}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c3(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{weights for each direction, found 2 in all}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 4611686018427387904 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c4(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x3xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_hh_l0 must have shape (16, 4), found (16, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x3xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c4(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>, %w2: tensor<16x4xf32>, %w3: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_ih_l0_reverse must have shape (16, 3), found (16, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1, %w2, %w3) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = true} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16x4xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c5(%x: tensor<?x?x3xf32>, %h0: tensor<2x?x4xf32>, %c0: tensor<1x?x4xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{h0 must have shape (1, ?, 4), found (2, ?, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x h0(%h0) c0(%c0) training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, tensor<2x?x4xf32>, tensor<1x?x4xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c6(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{dropout must be in [0, 1], found -1.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = -1.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c1(%x: tensor<?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{input must have rank 3 and a known last dimension, found (?, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c1(%x: tensor<?x0x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{input must have at least one position, found (?, 0, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x0x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c2(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{hidden_size and num_layers must be >= 1, found 0 and 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 0 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c2(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{hidden_size (4611686018427387904) does not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4611686018427387904 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c3(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{2 layers of 1 directions take 2 weights for each direction, found 2 in all}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c3(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{weights for each direction, found 2 in all}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 4611686018427387904 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c4(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x3xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_hh_l0 must have shape (12, 4), found (12, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x3xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c4(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>, %w2: tensor<12x4xf32>, %w3: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_ih_l0_reverse must have shape (12, 3), found (12, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1, %w2, %w3) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = true} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12x4xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c5(%x: tensor<?x?x3xf32>, %h0: tensor<2x?x4xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{h0 must have shape (1, ?, 4), found (2, ?, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x h0(%h0) training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, tensor<2x?x4xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_c6(%x: tensor<?x?x3xf32>, %w0: tensor<12x3xf32>, %w1: tensor<12x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{dropout must be in [0, 1], found -1.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.gru %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = -1.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<12x3xf32>, tensor<12x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c1(%x: tensor<?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{input must have rank 3 and a known last dimension, found (?, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c1(%x: tensor<?x0x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{input must have at least one position, found (?, 0, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x0x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c2(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{hidden_size and num_layers must be >= 1, found 0 and 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 0 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c2(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{hidden_size (4611686018427387904) does not fit in 64 bits}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4611686018427387904 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c3(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{2 layers of 1 directions take 2 weights for each direction, found 2 in all}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 2 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c3(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{weights for each direction, found 2 in all}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 4611686018427387904 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c4(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x3xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_hh_l0 must have shape (4, 4), found (4, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x3xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c4(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>, %w2: tensor<4x4xf32>, %w3: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_ih_l0_reverse must have shape (4, 3), found (4, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1, %w2, %w3) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = true} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c5(%x: tensor<?x?x3xf32>, %h0: tensor<2x?x4xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{h0 must have shape (1, ?, 4), found (2, ?, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x h0(%h0) training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, tensor<2x?x4xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c6(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{dropout must be in [0, 1], found -1.0}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = -1.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c2(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{proj_size must be in [0, hidden_size), found 4 of 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false, proj_size = 4 : i64} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c4(%x: tensor<?x?x3xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x2xf32>, %w2: tensor<4x2xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{w_hr_l0 must have shape (2, 4), found (4, 2)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x training %t weights(%w0, %w1, %w2) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false, proj_size = 2 : i64} : (tensor<?x?x3xf32>, i1, tensor<16x3xf32>, tensor<16x2xf32>, tensor<4x2xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_c5(%x: tensor<?x?x3xf32>, %h0: tensor<1x?x4xf32>, %w0: tensor<16x3xf32>, %w1: tensor<16x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{h0 and c0 must both be given or both be absent}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h, %c = esper.lstm %x h0(%h0) training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false} : (tensor<?x?x3xf32>, tensor<1x?x4xf32>, i1, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_c7(%x: tensor<?x?x3xf32>, %w0: tensor<4x3xf32>, %w1: tensor<4x4xf32>) {
  %t = esper.training ""
  // expected-error@+2 {{nonlinearity must be tanh or relu, found sigmoid}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %h = esper.rnn %x training %t weights(%w0, %w1) {hidden_size = 4 : i64, num_layers = 1 : i64, bias = false, batch_first = true, dropout = 0.0 : f64, bidirectional = false, nonlinearity = "sigmoid"} : (tensor<?x?x3xf32>, i1, tensor<4x3xf32>, tensor<4x4xf32>) -> (tensor<?x?x4xf32>, tensor<1x?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_cell_c1(%x: tensor<?x?x3xf32>, %w_ih: tensor<16x3xf32>, %w_hh: tensor<16x4xf32>) {
  // expected-error@+2 {{input must have rank 2, found (?, ?, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x?x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_cell_c2(%x: tensor<?x3xf32>, %w_ih: tensor<16x3xf32>, %w_hh: tensor<5x4xf32>) {
  // expected-error@+2 {{w_hh must have shape (4 * hidden_size, hidden_size), found (5, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<16x3xf32>, tensor<5x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_cell_c2(%x: tensor<?x3xf32>, %w_ih: tensor<16x4xf32>, %w_hh: tensor<16x4xf32>) {
  // expected-error@+2 {{w_ih must have shape (16, 3), found (16, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<16x4xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_cell_c3(%x: tensor<?x3xf32>, %w_ih: tensor<16x3xf32>, %w_hh: tensor<16x4xf32>, %b_ih: tensor<16xf32>) {
  // expected-error@+2 {{b_ih and b_hh must both be given or both be absent}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x w_ih(%w_ih) w_hh(%w_hh) b_ih(%b_ih) : (tensor<?x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_cell_c3(%x: tensor<?x3xf32>, %w_ih: tensor<16x3xf32>, %w_hh: tensor<16x4xf32>, %b_ih: tensor<16xf32>, %b_hh: tensor<3xf32>) {
  // expected-error@+2 {{b_hh must have shape (16), found (3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x w_ih(%w_ih) w_hh(%w_hh) b_ih(%b_ih) b_hh(%b_hh) : (tensor<?x3xf32>, tensor<16x3xf32>, tensor<16x4xf32>, tensor<16xf32>, tensor<3xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @lstm_cell_c4(%x: tensor<?x3xf32>, %h: tensor<?x5xf32>, %c: tensor<?x4xf32>, %w_ih: tensor<16x3xf32>, %w_hh: tensor<16x4xf32>) {
  // expected-error@+2 {{h must have shape (?, 4), found (?, 5)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x h(%h) c(%c) w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<?x5xf32>, tensor<?x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @gru_cell_c1(%x: tensor<?x?x3xf32>, %w_ih: tensor<12x3xf32>, %w_hh: tensor<12x4xf32>) {
  // expected-error@+2 {{input must have rank 2, found (?, ?, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.gru_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x?x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @gru_cell_c2(%x: tensor<?x3xf32>, %w_ih: tensor<12x3xf32>, %w_hh: tensor<5x4xf32>) {
  // expected-error@+2 {{w_hh must have shape (3 * hidden_size, hidden_size), found (5, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.gru_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<12x3xf32>, tensor<5x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @gru_cell_c2(%x: tensor<?x3xf32>, %w_ih: tensor<12x4xf32>, %w_hh: tensor<12x4xf32>) {
  // expected-error@+2 {{w_ih must have shape (12, 3), found (12, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.gru_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<12x4xf32>, tensor<12x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @gru_cell_c3(%x: tensor<?x3xf32>, %w_ih: tensor<12x3xf32>, %w_hh: tensor<12x4xf32>, %b_ih: tensor<12xf32>) {
  // expected-error@+2 {{b_ih and b_hh must both be given or both be absent}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.gru_cell %x w_ih(%w_ih) w_hh(%w_hh) b_ih(%b_ih) : (tensor<?x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @gru_cell_c3(%x: tensor<?x3xf32>, %w_ih: tensor<12x3xf32>, %w_hh: tensor<12x4xf32>, %b_ih: tensor<12xf32>, %b_hh: tensor<3xf32>) {
  // expected-error@+2 {{b_hh must have shape (12), found (3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.gru_cell %x w_ih(%w_ih) w_hh(%w_hh) b_ih(%b_ih) b_hh(%b_hh) : (tensor<?x3xf32>, tensor<12x3xf32>, tensor<12x4xf32>, tensor<12xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @gru_cell_c4(%x: tensor<?x3xf32>, %h: tensor<?x5xf32>, %w_ih: tensor<12x3xf32>, %w_hh: tensor<12x4xf32>) {
  // expected-error@+2 {{h must have shape (?, 4), found (?, 5)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.gru_cell %x h(%h) w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<?x5xf32>, tensor<12x3xf32>, tensor<12x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @rnn_cell_c1(%x: tensor<?x?x3xf32>, %w_ih: tensor<4x3xf32>, %w_hh: tensor<4x4xf32>) {
  // expected-error@+2 {{input must have rank 2, found (?, ?, 3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @rnn_cell_c2(%x: tensor<?x3xf32>, %w_ih: tensor<4x3xf32>, %w_hh: tensor<5x4xf32>) {
  // expected-error@+2 {{w_hh must have shape (1 * hidden_size, hidden_size), found (5, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<5x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @rnn_cell_c2(%x: tensor<?x3xf32>, %w_ih: tensor<4x4xf32>, %w_hh: tensor<4x4xf32>) {
  // expected-error@+2 {{w_ih must have shape (4, 3), found (4, 4)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @rnn_cell_c3(%x: tensor<?x3xf32>, %w_ih: tensor<4x3xf32>, %w_hh: tensor<4x4xf32>, %b_ih: tensor<4xf32>) {
  // expected-error@+2 {{b_ih and b_hh must both be given or both be absent}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x w_ih(%w_ih) w_hh(%w_hh) b_ih(%b_ih) : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @rnn_cell_c3(%x: tensor<?x3xf32>, %w_ih: tensor<4x3xf32>, %w_hh: tensor<4x4xf32>, %b_ih: tensor<4xf32>, %b_hh: tensor<3xf32>) {
  // expected-error@+2 {{b_hh must have shape (4), found (3)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x w_ih(%w_ih) w_hh(%w_hh) b_ih(%b_ih) b_hh(%b_hh) : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @rnn_cell_c4(%x: tensor<?x3xf32>, %h: tensor<?x5xf32>, %w_ih: tensor<4x3xf32>, %w_hh: tensor<4x4xf32>) {
  // expected-error@+2 {{h must have shape (?, 4), found (?, 5)}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x h(%h) w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<?x5xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @lstm_cell_c4(%x: tensor<?x3xf32>, %h: tensor<?x4xf32>, %w_ih: tensor<16x3xf32>, %w_hh: tensor<16x4xf32>) {
  // expected-error@+2 {{h and c must both be given or both be absent}}
  // expected-error@+1 {{failed to infer returned types}}
  %y, %z = esper.lstm_cell %x h(%h) w_ih(%w_ih) w_hh(%w_hh) : (tensor<?x3xf32>, tensor<?x4xf32>, tensor<16x3xf32>, tensor<16x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return
}

// -----

esper.kernel @rnn_cell_c5(%x: tensor<?x3xf32>, %w_ih: tensor<4x3xf32>, %w_hh: tensor<4x4xf32>) {
  // expected-error@+2 {{nonlinearity must be tanh or relu, found gelu}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = esper.rnn_cell %x w_ih(%w_ih) w_hh(%w_hh) {nonlinearity = "gelu"} : (tensor<?x3xf32>, tensor<4x3xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return
}
