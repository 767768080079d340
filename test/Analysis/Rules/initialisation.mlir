// RUN: tez-opt %s --tez-lint=rules=initialisation --verify-diagnostics

// The deviation behind each linear is that before it times 2 * bound / sqrt(3).
esper.kernel @vanishes(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w0 = esper.param "0.weight" <uniform, -1.000000e-01, 1.000000e-01> : tensor<4x4xf32>
  %w1 = esper.param "1.weight" <uniform, -1.000000e-02, 1.000000e-02> : tensor<4x4xf32>
  %w2 = esper.param "2.weight" <uniform, -1.000000e-02, 1.000000e-02> : tensor<4x4xf32>
  %0 = esper.linear %x, %w0 : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %1 = esper.activation "tanh" %0 : tensor<?x4xf32>
  // 0.115, less what tanh bends, then 0.0115 of that, then again: below a thousandth.
  %2 = esper.linear %1, %w1 : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  // expected-warning@+1 {{with its initial weights the signal vanishes: after this linear it is 1.52e-05 of the input's size (this layer: factor 0.0115); a normalisation or a residual connection would keep it [initialisation]}}
  %3 = esper.linear %2, %w2 : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %3 : tensor<?x4xf32>
}

esper.kernel @explodes(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w0 = esper.param "0.weight" <normal, 0.000000e+00, 1.000000e+02> : tensor<4x4xf32>
  %w1 = esper.param "1.weight" <normal, 0.000000e+00, 1.000000e+01> : tensor<4x4xf32>
  %0 = esper.linear %x, %w0 : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  // expected-warning@+1 {{the signal explodes: after this linear it is 4e+03 of the input's size (this layer: factor 20)}}
  %1 = esper.linear %0, %w1 : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %1 : tensor<?x4xf32>
}

// A bias hides a signal that is gone: the values keep their size, what the input says does not.
esper.kernel @drowned(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = esper.param "weight" <uniform, -1.000000e-04, 1.000000e-04> : tensor<4x4xf32>
  %b = esper.param "bias" <uniform, -5.000000e-01, 5.000000e-01> : tensor<4xf32>
  // expected-warning@+1 {{the signal vanishes}}
  %0 = esper.linear %x, %w, %b : (tensor<?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}

// A residual connection and a normalisation keep it.
esper.kernel @kept(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %t = esper.training ""
  %w = esper.param "weight" <uniform, -1.000000e-02, 1.000000e-02> : tensor<4x4xf32>
  %0 = esper.linear %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %1 = esper.add %x, %0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = esper.linear %1, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %3 = esper.batch_norm %2 training(%t) {momentum = 1.000000e-01 : f64, eps = 1.000000e-09 : f64} : (tensor<?x4xf32>, i1) -> tensor<?x4xf32>
  %4 = esper.linear %3, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  esper.return %1, %4 : tensor<?x4xf32>, tensor<?x4xf32>
}
