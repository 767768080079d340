// RUN: tez-opt %s --tez-lint --verify-diagnostics
// RUN: not tez-opt %s --tez-lint=rules=no-such-rule 2>&1 | FileCheck %s

// CHECK: error: there is no lint rule 'no-such-rule'

esper.kernel @sound(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %w = esper.param "weight" <uniform, -3.535534e-01, 3.535534e-01> : tensor<8x8xf32>
  %0 = esper.linear %x, %w : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

esper.kernel @hazard(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-warning@+1 {{this scale changes nothing [identity-layer]}}
  %0 = esper.scale %x, 1.000000e+00 : tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

// No size makes the flattened input both 49 long and even.
// expected-warning@+1 {{no input sizes up to 512 fit this kernel: FLOPs and activations are unknown [shapes]}}
esper.kernel @shapeless(%x: tensor<?x2x?xf32>) -> tensor<?x1xf32> {
  %w = esper.param "weight" <uniform, -1.428571e-01, 1.428571e-01> : tensor<1x49xf32>
  %0 = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x2x?xf32>) -> tensor<?x?xf32>
  %1 = esper.linear %0, %w : (tensor<?x?xf32>, tensor<1x49xf32>) -> tensor<?x1xf32>
  esper.return %1 : tensor<?x1xf32>
}
