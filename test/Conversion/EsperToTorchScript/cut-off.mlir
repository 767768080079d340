// RUN: tez-opt %s --esper-to-torchscript | FileCheck %s

// In front of a root, what cuts elements off is masked_fill, of which TorchScript's executor has no
// derivative of its own that makes NaN of an infinite gradient. Comparisons as eager torch has them
// at the limits.

// CHECK-LABEL: ts.module @cuts
// CHECK:         %[[LOW:.*]] = ts.call "aten::le"(%[[X:.*]], 0.000000e+00)
// CHECK-NEXT:    %[[R:.*]] = ts.call "aten::masked_fill"(%[[X]], %[[LOW]], 0.000000e+00)
// CHECK-NEXT:    ts.call "aten::sqrt"(%[[R]])
// CHECK:         ts.call "aten::le"(%{{.*}}, 5.000000e-01)
// CHECK-NEXT:    ts.call "aten::masked_fill"(%{{.*}}, %{{.*}}, 7.000000e+00)
// CHECK:         ts.call "aten::le"(%{{.*}}, 0.000000e+00)
// CHECK-NEXT:    ts.call "aten::masked_fill"(%{{.*}}, %{{.*}}, 0.000000e+00)
// CHECK-NEXT:    ts.call "aten::ge"(%{{.*}}, 6.000000e+00)
// CHECK-NEXT:    ts.call "aten::masked_fill"(%{{.*}}, %{{.*}}, 6.000000e+00)
// CHECK:         ts.call "aten::le"(%{{.*}}, -1.000000e+00)
// CHECK:         ts.call "aten::ge"(%{{.*}}, 1.000000e+00)
// CHECK:         ts.call "aten::lt"(%{{.*}}, 0.000000e+00)
// CHECK-NOT:     ts.call "aten::gt"
// CHECK:         ts.call "aten::pow"
esper.kernel @cuts(%x: tensor<?x4xf32>, %h: tensor<?x4xf32>, %s: tensor<?x4xf32>, %t: tensor<?x4xf32>, %c: tensor<?x4xf32>)
    -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.activation "relu" %x : tensor<?x4xf32>
  %1 = esper.activation "sqrt" %0 : tensor<?x4xf32>
  %2 = esper.activation "threshold"(0.5, 7.0) %h : tensor<?x4xf32>
  %3 = esper.activation "rsqrt" %2 : tensor<?x4xf32>
  %4 = esper.activation "relu6" %s : tensor<?x4xf32>
  %5 = esper.activation "log" %4 : tensor<?x4xf32>
  %6 = esper.activation "hardtanh"(-1.0, 1.0) %t : tensor<?x4xf32>
  %7 = esper.activation "acos" %6 : tensor<?x4xf32>
  %8 = esper.activation "clamp"(0.0, 0x7FF0000000000000) %c : tensor<?x4xf32>
  %9 = esper.activation "pow"(0.25) %8 : tensor<?x4xf32>
  esper.return %1, %3, %5, %7, %9 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// However much lies between; a mask too.
// CHECK-LABEL: ts.module @far
// CHECK:         ts.call "aten::le"
// CHECK:         %[[OTHERS:.*]] = ts.call "aten::eq"(%[[M:.*]], 0)
// CHECK-NEXT:    %[[LEFT:.*]] = ts.call "aten::masked_fill"(%{{.*}}, %[[OTHERS]], 0.000000e+00)
// CHECK-NEXT:    %[[RIGHT:.*]] = ts.call "aten::masked_fill"(%{{.*}}, %[[M]], 0.000000e+00)
// CHECK-NEXT:    ts.call "aten::add"(%[[LEFT]], %[[RIGHT]], 1)
// CHECK-NOT:     ts.call "aten::where"
esper.kernel @far(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?xf32> {
  %0 = esper.activation "relu" %x : tensor<?x4xf32>
  %m = esper.compare gt %y, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xi1>
  %1 = esper.where %m, %0, %y : (tensor<?x4xi1>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = esper.reduce %1 {kind = #esper<reduce_kind sum>, dims = array<i64: 1>, keepdim = false} : (tensor<?x4xf32>) -> tensor<?xf32>
  %3 = esper.activation "sqrt" %2 : tensor<?xf32>
  esper.return %3 : tensor<?xf32>
}

// Nothing steep behind it: a power whose slope is finite, a relu behind the root, another branch.
// CHECK-LABEL: ts.module @gentle
// CHECK-NOT:     masked_fill
// CHECK:         return
esper.kernel @gentle(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = esper.activation "relu" %x : tensor<?x4xf32>
  %1 = esper.activation "pow"(2.0) %0 : tensor<?x4xf32>
  %2 = esper.activation "sqrt" %x : tensor<?x4xf32>
  %3 = esper.activation "relu" %2 : tensor<?x4xf32>
  esper.return %1, %3 : tensor<?x4xf32>, tensor<?x4xf32>
}

// A kernel for inference has no backward pass that anybody runs.
// CHECK-LABEL: ts.module @infer
// CHECK-NOT:     masked_fill
// CHECK:         ts.call "aten::relu"
esper.kernel @infer(%x: tensor<?x4xf32>) -> tensor<?x4xf32> attributes {esper.infer} {
  %0 = esper.activation "relu" %x : tensor<?x4xf32>
  %1 = esper.activation "sqrt" %0 : tensor<?x4xf32>
  esper.return %1 : tensor<?x4xf32>
}
