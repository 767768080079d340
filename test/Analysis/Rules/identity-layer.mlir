// RUN: tez-opt %s --tez-lint=rules=identity-layer --verify-diagnostics

// What a folder knows, what only the values' range tells, and what a folder cannot do for dynamic types.
esper.kernel @identities(%x: tensor<?x8xf32>, %i: tensor<?x2x4xf32>) -> (tensor<?x8xf32>, tensor<?x2x4xf32>) {
  // expected-warning@+1 {{this scale changes nothing [identity-layer]}}
  %0 = esper.scale %x, 1.000000e+00 : tensor<?x8xf32>
  %1 = esper.activation "sigmoid" %0 : tensor<?x8xf32>
  // expected-warning@+1 {{this activation changes nothing}}
  %2 = esper.activation "relu" %1 : tensor<?x8xf32>
  // expected-warning@+1 {{this flatten changes nothing}}
  %3 = esper.flatten %2 {start_dim = 1 : i64, end_dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  // expected-warning@+1 {{this max_pool changes nothing}}
  %4 = esper.max_pool %i {kernel_size = array<i64: 1>, stride = array<i64: 1>, padding = array<i64: 0>, dilation = array<i64: 1>} : (tensor<?x2x4xf32>) -> tensor<?x2x4xf32>
  %5 = esper.activation "relu" %4 : tensor<?x2x4xf32>
  esper.return %3, %5 : tensor<?x8xf32>, tensor<?x2x4xf32>
}
