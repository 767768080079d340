// RUN: tez-opt %s --tez-lint=rules=division-by-zero --verify-diagnostics

esper.kernel @divisors(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>) {
  // expected-warning@+1 {{the divisor may be zero: add a positive number to one that is never negative (square, exp, relu) before dividing [division-by-zero]}}
  %0 = esper.divide %x, %y : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %a = esper.activation "abs" %y : tensor<?x8xf32>
  // expected-warning@+1 {{the divisor may be zero}}
  %1 = esper.divide %x, %a : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %b = esper.activation "add_scalar"(1.000000e+00) %a : tensor<?x8xf32>
  %2 = esper.divide %x, %b : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1, %2 : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>
}
