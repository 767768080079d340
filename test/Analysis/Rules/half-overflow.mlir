// RUN: tez-opt %s --tez-lint=rules=half-overflow --verify-diagnostics

// 5 deviations of 20000: the first place is named, what follows is not.
esper.kernel @large(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = esper.scale %x, 1.000000e+04 : tensor<?x8xf32>
  // expected-warning@+1 {{values of this scale reach about 1e+05 with initial weights; fp16 ends at 65504 [half-overflow]}}
  %1 = esper.scale %0, 2.000000e+00 : tensor<?x8xf32>
  %2 = esper.scale %1, 2.000000e+00 : tensor<?x8xf32>
  esper.return %2 : tensor<?x8xf32>
}
