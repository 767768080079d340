// RUN: tez-opt %s --split-input-file --verify-diagnostics=only-expected

esper.kernel @activation_c1(%x: tensor<8xf32>) {
  // expected-error @below {{unknown activation 'step'}}
  %y = esper.activation "step" %x : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @activation_c2(%x: tensor<8xf32>) {
  // expected-error @below {{activation 'elu' takes 1 parameters, found 0}}
  %y = esper.activation "elu" %x : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @activation_c2(%x: tensor<8xf32>) {
  // expected-error @below {{activation 'relu' takes 0 parameters, found 1}}
  %y = esper.activation "relu"(1.000000e+00) %x : tensor<8xf32>
  esper.return
}

// -----

esper.kernel @activation_c3(%x: tensor<8xi64>) {
  // expected-error @below {{input must be floating, found 'i64'}}
  %y = esper.activation "relu" %x : tensor<8xi64>
  esper.return
}

// -----

esper.kernel @prelu_c1(%x: tensor<?x8xf32>, %w: tensor<8x1xf32>) {
  // expected-error @below {{weight must have rank 1, found (8, 1)}}
  %y = esper.prelu %x, %w : (tensor<?x8xf32>, tensor<8x1xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @prelu_c2(%x: tensor<?x8xf32>, %w: tensor<4xf32>) {
  // expected-error @below {{weight must have 1 or 8 elements, found 4}}
  %y = esper.prelu %x, %w : (tensor<?x8xf32>, tensor<4xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @prelu_c2(%x: tensor<8xf32>, %w: tensor<8xf32>) {
  // expected-error @below {{weight must have 1 or 1 elements, found 8}}
  %y = esper.prelu %x, %w : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  esper.return
}

// -----

esper.kernel @glu_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{dim 2 is outside of (?, 8)}}
  %y = esper.glu %x {dim = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
  esper.return
}

// -----

esper.kernel @glu_c2(%x: tensor<?x7xf32>) {
  // expected-error @below {{dimension 1 must be even, found 7}}
  %y = esper.glu %x {dim = 1 : i64} : (tensor<?x7xf32>) -> tensor<?x3xf32>
  esper.return
}

// -----

esper.kernel @softmax_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{dim -3 is outside of (?, 8)}}
  %y = esper.softmax %x {dim = -3 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}

// -----

esper.kernel @log_softmax_c1(%x: tensor<?x8xf32>) {
  // expected-error @below {{dim 2 is outside of (?, 8)}}
  %y = esper.log_softmax %x {dim = 2 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return
}
