// RUN: tez-opt --esper-specialize-infer %s | FileCheck %s
// Apart from specialize-infer.mlir, whose kernels are also run in training: clips have no form there.

// CHECK-LABEL: esper.kernel @clipped(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
esper.kernel @clipped(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NEXT: esper.return %[[X]]
  %0 = esper.clip_gradient(1.0) %x {norm_type = 2.0 : f64} : tensor<?x8xf32>
  esper.return %0 : tensor<?x8xf32>
}
