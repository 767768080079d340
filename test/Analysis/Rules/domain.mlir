// RUN: tez-opt %s --tez-lint=rules=domain --verify-diagnostics

esper.kernel @domain(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?xf32>) {
  // expected-warning@+1 {{sqrt of values that may be negative gives NaN [domain]}}
  %0 = esper.activation "sqrt" %x : tensor<?x8xf32>
  %e = esper.activation "exp" %x : tensor<?x8xf32>
  // expected-warning@+1 {{log of values that may be zero gives infinity}}
  %1 = esper.activation "log" %e : tensor<?x8xf32>
  // expected-warning@+1 {{pow of values that may be negative gives NaN}}
  %2 = esper.activation "pow"(5.000000e-01) %x : tensor<?x8xf32>
  // expected-warning@+1 {{pow of values that may be zero gives infinity}}
  %3 = esper.activation "pow"(-2.000000e+00) %x : tensor<?x8xf32>
  // expected-warning@+1 {{rsqrt of values that may be negative gives NaN}}
  %4 = esper.activation "rsqrt" %x : tensor<?x8xf32>
  %s = esper.unsqueeze %x {dim = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x1x8xf32>
  // expected-warning@+1 {{variance of 1 value(s) with correction 1 divides by zero: NaN}}
  %v = esper.reduce %s {kind = #esper<reduce_kind var>, dims = array<i64: 1>} : (tensor<?x1x8xf32>) -> tensor<?x8xf32>
  %5 = esper.reduce %v {kind = #esper<reduce_kind sum>, dims = array<i64: 1>} : (tensor<?x8xf32>) -> tensor<?xf32>
  esper.return %0, %1, %2, %3, %4, %5 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>, tensor<?xf32>
}

// The usual ways of staying inside: none of these is named.
esper.kernel @inside(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  %s = esper.multiply %x, %x : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %p = esper.activation "add_scalar"(1.000000e-05) %s : tensor<?x8xf32>
  %0 = esper.activation "rsqrt" %p : tensor<?x8xf32>
  %r = esper.activation "relu" %x : tensor<?x8xf32>
  %1 = esper.activation "sqrt" %r : tensor<?x8xf32>
  %2 = esper.activation "pow"(3.000000e+00) %x : tensor<?x8xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}
