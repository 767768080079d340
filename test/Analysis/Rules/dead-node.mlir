// RUN: tez-opt %s --tez-lint=rules=dead-node --verify-diagnostics

// Only the end of the dead chain is named; a random op is dead too.
esper.kernel @dead(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %t = esper.training ""
  %0 = esper.activation "relu" %x : tensor<?x8xf32>
  %1 = esper.activation "tanh" %0 : tensor<?x8xf32>
  // expected-warning@+1 {{the value of this activation is never used; it and what only feeds it change no output [dead-node]}}
  %2 = esper.activation "exp" %1 : tensor<?x8xf32>
  // expected-warning@+1 {{the value of this dropout is never used}}
  %3 = esper.dropout element(5.000000e-01) %0, %t : tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}

// One of several results is enough, and an update is a use.
esper.kernel @alive(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  %t = esper.training ""
  %m = esper.buffer "running_mean" <constant, 0.000000e+00> : tensor<8xf32>
  %v = esper.buffer "running_var" <constant, 1.000000e+00> : tensor<8xf32>
  %y, %mean, %var = esper.batch_norm %x running(%m, %v) training(%t) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64} : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, i1) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  %a, %b = esper.split %x {sizes = array<i64: 4, 4>, dim = -1 : i64} : (tensor<?x8xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  esper.return %a : tensor<?x4xf32> updates("running_mean" = %mean : tensor<8xf32>)
}
