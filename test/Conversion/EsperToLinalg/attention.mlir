// RUN: tez-opt --esper-to-linalg --split-input-file %s | FileCheck %s
// RUN: tez-opt --esper-to-linalg --split-input-file --remark-format=emitRemark --remarks-filter=native %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Heads are columns of the rows that query, key and value come in: nothing is moved.
// CHECK-LABEL: func.func @merged(
// CHECK-SAME:    %[[X:.*]]: memref<?x24xf32> {native.input = "input0"}, %[[S:.*]]: index {native.positions}, %{{.*}}: memref<?x8xf32> {native.output})
// CHECK:         %[[XT:.*]] = bufferization.to_tensor %[[X]]
// CHECK:         native.attention(%[[XT]], %[[XT]], %[[XT]] : tensor<?x24xf32>, tensor<?x24xf32>, tensor<?x24xf32>) positions(%[[S]])
// CHECK-SAME:      {causal, columns = array<i64: 0, 8, 16>, heads = 2 : i64, scale = 5.000000e-01 : f64} -> tensor<?x8xf32>
esper.kernel @merged(%x: tensor<?x?x24xf32>) -> tensor<?x?x8xf32> {
  %p:3 = esper.split %x {dim = -1 : i64, sizes = array<i64: 8, 8, 8>} : (tensor<?x?x24xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>)
  %qu = esper.unflatten %p#0 {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %q = esper.transpose %qu {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %ku = esper.unflatten %p#1 {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %k = esper.transpose %ku {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %vu = esper.unflatten %p#2 {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %v = esper.transpose %vu {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %a = esper.sdpa %q, %k, %v {scale = 5.0e-01 : f64, causal = true} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %m = esper.permute %a {dims = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x4xf32>) -> tensor<?x?x2x4xf32>
  %y = esper.flatten %m {start_dim = -2 : i64, end_dim = -1 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}

// -----

// Of rows of their own.
// CHECK-LABEL: func.func @apart(
// CHECK:         native.attention(%[[Q:.*]], %[[K:.*]], %[[K]] : tensor<?x8xf32>, tensor<?x8xf32>, tensor<?x8xf32>)
// CHECK-SAME:      {columns = array<i64: 0, 0, 0>, heads = 2 : i64, scale = 5.000000e-01 : f64}
esper.kernel @apart(%x: tensor<?x?x8xf32>, %z: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %qu = esper.unflatten %x {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %q = esper.transpose %qu {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %ku = esper.unflatten %z {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %k = esper.transpose %ku {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %vu = esper.unflatten %z {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %v = esper.transpose %vu {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %a = esper.sdpa %q, %k, %v {scale = 5.0e-01 : f64} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %m = esper.permute %a {dims = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x4xf32>) -> tensor<?x?x2x4xf32>
  %y = esper.flatten %m {start_dim = -2 : i64, end_dim = -1 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x?x8xf32>
  esper.return %y : tensor<?x?x8xf32>
}

// -----

// A part of it is read elsewhere, too: from a copy.
// CHECK-LABEL: func.func @part(
// CHECK:         %[[Q:.*]] = native.columns({{.*}} {begins = array<i64: 0>
// CHECK:         %[[A:.*]] = native.attention({{.*}}columns = array<i64: 0, 8, 16>
// CHECK:         linalg.generic {{.*}} ins(%[[A]], %[[Q]]
esper.kernel @part(%x: tensor<?x?x24xf32>) -> tensor<?x?x8xf32> {
  %p:3 = esper.split %x {dim = -1 : i64, sizes = array<i64: 8, 8, 8>} : (tensor<?x?x24xf32>) -> (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>)
  %qu = esper.unflatten %p#0 {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %q = esper.transpose %qu {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %ku = esper.unflatten %p#1 {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %k = esper.transpose %ku {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %vu = esper.unflatten %p#2 {dim = -1 : i64, sizes = array<i64: 2, 4>} : (tensor<?x?x8xf32>) -> tensor<?x?x2x4xf32>
  %v = esper.transpose %vu {dim0 = -3 : i64, dim1 = -2 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x2x?x4xf32>
  %a = esper.sdpa %q, %k, %v {scale = 5.0e-01 : f64} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  %m = esper.permute %a {dims = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x4xf32>) -> tensor<?x?x2x4xf32>
  %y = esper.flatten %m {start_dim = -2 : i64, end_dim = -1 : i64} : (tensor<?x?x2x4xf32>) -> tensor<?x?x8xf32>
  %r = esper.add %y, %p#0 : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  esper.return %r : tensor<?x?x8xf32>
}

// -----

// Its heads are not columns.
// REMARK: no lowering of esper.sdpa
// CHECK: esper.kernel @heads
esper.kernel @heads(%q: tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32> {
  %a = esper.sdpa %q, %q, %q {scale = 5.0e-01 : f64} : (tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>, tensor<?x2x?x4xf32>) -> tensor<?x2x?x4xf32>
  esper.return %a : tensor<?x2x?x4xf32>
}
