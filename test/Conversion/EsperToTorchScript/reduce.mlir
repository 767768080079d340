// RUN: tez-opt --esper-to-torchscript %s | FileCheck %s

// torch's derivatives of a mean and a variance over an empty list are those over one element: the list is None there.
// CHECK-LABEL: ts.module @all
// CHECK:         ts.call "aten::mean"(%arg0, none, false, none)
// CHECK:         ts.call "aten::var"(%arg0, none, 1, false)
esper.kernel @all(%x: tensor<?x4xf32>) -> (tensor<f32>, tensor<f32>) {
  %m = esper.reduce %x {kind = #esper<reduce_kind mean>} : (tensor<?x4xf32>) -> tensor<f32>
  %v = esper.reduce %x {kind = #esper<reduce_kind var>} : (tensor<?x4xf32>) -> tensor<f32>
  esper.return %m, %v : tensor<f32>, tensor<f32>
}
