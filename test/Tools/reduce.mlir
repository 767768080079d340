// UNSUPPORTED: roundtrip
// RUN: not tez-reduce %s --esper-reduce='test=%S/Inputs/never' 2>&1 | FileCheck %s --check-prefix=BORING
// BORING: error: test '{{.*}}never' finds the input uninteresting
// RUN: tez-reduce %s --esper-reduce='test=%S/Inputs/has-linear' | FileCheck %s

// Only the op at fault and what it reads stay.
// CHECK-LABEL: esper.kernel @deep(
// CHECK-NOT:     esper.scale
// CHECK-NOT:     esper.activation
// CHECK-NOT:     "unread"
// CHECK:         esper.linear
// CHECK-NOT:     esper.activation
// CHECK:         esper.return
esper.kernel @deep(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %u = esper.param "unread" <constant, 0.000000e+00> : tensor<3xf32>
  %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<4x4xf32>
  %0 = esper.scale %x, 2.000000e+00 : tensor<?x4xf32>
  %1 = esper.activation "relu" %0 : tensor<?x4xf32>
  %2 = esper.linear %1, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %3 = esper.activation "tanh" %2 : tensor<?x4xf32>
  %4 = esper.scale %3, 3.000000e+00 : tensor<?x4xf32>
  esper.return %4 : tensor<?x4xf32>
}

// CHECK-NOT: esper.kernel
esper.kernel @other(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = esper.scale %x, 2.000000e+00 : tensor<?x4xf32>
  esper.return %0 : tensor<?x4xf32>
}
