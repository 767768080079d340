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

// The greatest alone is torch's max, which takes the first of equal ones.
// CHECK-LABEL: ts.module @greatest
// CHECK:         ts.call "aten::max"(%arg0, -1, true)
// CHECK:         ts.call "aten::topk"(%arg0, 2, -1, true, true)
esper.kernel @greatest(%x: tensor<?x4xf32>) -> (tensor<?x1xf32>, tensor<?x2xf32>) {
  %v, %i = esper.topk %x {dim = -1 : i64, k = 1 : i64} : (tensor<?x4xf32>) -> (tensor<?x1xf32>, tensor<?x1xi64>)
  %w, %j = esper.topk %x {dim = -1 : i64, k = 2 : i64} : (tensor<?x4xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
  esper.return %v, %w : tensor<?x1xf32>, tensor<?x2xf32>
}
