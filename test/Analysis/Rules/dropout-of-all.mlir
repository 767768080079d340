// RUN: tez-opt %s --tez-lint=rules=dropout-of-all --verify-diagnostics

esper.kernel @dropouts(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  %f = esper.flag false
  // expected-warning@+1 {{dropout drops everything in training (p = 1): nothing before it gets a gradient [dropout-of-all]}}
  %0 = esper.dropout element(1.000000e+00) %x, %t : tensor<?x8xf32>
  %1 = esper.dropout element(9.000000e-01) %0, %t : tensor<?x8xf32>
  %2 = esper.dropout element(1.000000e+00) %1, %f : tensor<?x8xf32>
  esper.return %2 : tensor<?x8xf32>
}
