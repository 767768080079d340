// RUN: tez-opt %s --tez-lint=rules=unused-parameter --verify-diagnostics

esper.kernel @parameters(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-warning@+1 {{parameter 'spare' changes no output: no op uses it [unused-parameter]}}
  %s = esper.param "spare" <constant, 0.000000e+00> : tensor<8xf32>
  // expected-warning@+1 {{parameter 'shift' changes no output: only values that are never used need it}}
  %b = esper.param "shift" <constant, 0.000000e+00> : tensor<8xf32>
  %w = esper.param "scale" <constant, 1.000000e+00> : tensor<8xf32>
  %0 = esper.multiply %x, %w : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %1 = esper.add %0, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}
