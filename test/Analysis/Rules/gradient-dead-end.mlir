// RUN: tez-opt %s --tez-lint=rules=gradient-dead-end --verify-diagnostics

// The way around the detach counts: only what has none is named.
esper.kernel @detached(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-warning@+1 {{parameter 'inner' never gets a gradient: every path to an output is cut, the last at detach [gradient-dead-end]}}
  %a = esper.param "inner" <constant, 1.000000e+00> : tensor<8xf32>
  %b = esper.param "both" <constant, 1.000000e+00> : tensor<8xf32>
  %0 = esper.multiply %x, %a : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %1 = esper.multiply %0, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %2 = esper.detach %1 : tensor<?x8xf32>
  %3 = esper.multiply %2, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return %3 : tensor<?x8xf32>
}

// Choices, shapes and products with zero carry no gradient.
esper.kernel @flat(%x: tensor<?x8xf32>) -> (tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>) {
  // expected-warning@+1 {{parameter 'router' never gets a gradient: every path to an output is cut, the last at topk}}
  %a = esper.param "router" <constant, 1.000000e+00> : tensor<8xf32>
  %0 = esper.multiply %x, %a : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %v, %i = esper.topk %0 {k = 2 : i64} : (tensor<?x8xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  // expected-warning@+1 {{parameter 'zeroed' never gets a gradient: every path to an output is cut, the last at scale}}
  %b = esper.param "zeroed" <constant, 1.000000e+00> : tensor<8xf32>
  %1 = esper.multiply %x, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %2 = esper.scale %1, 0.000000e+00 : tensor<?x8xf32>
  // expected-warning@+1 {{parameter 'dark' never gets a gradient: every path to an output is cut, the last at activation}}
  %c = esper.param "dark" <constant, 1.000000e+00> : tensor<8xf32>
  %3 = esper.multiply %x, %c : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %4 = esper.activation "square" %3 : tensor<?x8xf32>
  %5 = esper.activation "neg" %4 : tensor<?x8xf32>
  %6 = esper.activation "relu" %5 : tensor<?x8xf32>
  esper.return %i, %2, %6 : tensor<?x2xi64>, tensor<?x8xf32>, tensor<?x8xf32>
}

// Running statistics are no way for a gradient.
esper.kernel @statistics(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  // expected-warning@+1 {{parameter 'weight' never gets a gradient: it changes buffers only}}
  %w = esper.param "weight" <constant, 1.000000e+00> : tensor<8xf32>
  %m = esper.buffer "running_mean" <constant, 0.000000e+00> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.000000e+00> : tensor<8xf32>
  %0 = esper.multiply %x, %w : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %y, %mean, %var = esper.batch_norm %0 running(%m, %v) training(%t) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64} : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  esper.return %x : tensor<?x8xf32> updates("running_mean" = %mean : tensor<8xf32>)
}
