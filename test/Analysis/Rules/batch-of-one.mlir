// RUN: tez-opt %s --tez-lint="rules=softmax-of-one,norm-of-one batch=1" --verify-diagnostics
// RUN: tez-opt %s --tez-lint="rules=softmax-of-one,norm-of-one" -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty
// RUN: tez-opt %s --tez-lint="rules=softmax-of-one,norm-of-one batch=2" -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty

// Hazards of the batch size asked about only.
// NONE-NOT: warning:
esper.kernel @softmax(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  // expected-warning@+1 {{softmax over dimension 0 of size 1 is always 1}}
  %0 = esper.softmax %x {dim = 0 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %1 = esper.softmax %x {dim = 1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
  esper.return %0, %1 : tensor<?x8xf32>, tensor<?x8xf32>
}

// And of training only.
esper.kernel @batch_norm(%x: tensor<?x4x1xf32>) -> (tensor<?x4x1xf32>, tensor<?x4x1xf32>) {
  %t = esper.training ""
  // expected-warning@+1 {{batch_norm of one value: in training, each channel has a single element}}
  %0 = esper.batch_norm %x training(%t) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64} : (tensor<?x4x1xf32>, i1) -> tensor<?x4x1xf32>
  %f = esper.flag false
  %1 = esper.batch_norm %0 training(%f) {momentum = 1.000000e-01 : f64, eps = 1.000000e-05 : f64} : (tensor<?x4x1xf32>, i1) -> tensor<?x4x1xf32>
  esper.return %0, %1 : tensor<?x4x1xf32>, tensor<?x4x1xf32>
}
