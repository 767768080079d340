// RUN: tez-opt %s --tez-lint=rules=softmax-of-one --verify-diagnostics

esper.kernel @one(%x: tensor<?x1xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
  // expected-warning@+1 {{softmax over dimension 1 of size 1 is always 1; nothing before it can learn [softmax-of-one]}}
  %0 = esper.softmax %x {dim = -1 : i64} : (tensor<?x1xf32>) -> tensor<?x1xf32>
  // expected-warning@+1 {{log_softmax over dimension 1 of size 1 is always 0}}
  %1 = esper.log_softmax %x {dim = 1 : i64} : (tensor<?x1xf32>) -> tensor<?x1xf32>
  esper.return %0, %1 : tensor<?x1xf32>, tensor<?x1xf32>
}
